using System.Net.Security;
using System.Runtime.CompilerServices;
using Ambient.Core;
using Ambient.Core.Gateways;
using Ambient.Core.Routes;
using Ambient.Waypoint.Hosting;
using Ambient.Waypoint.Listening.Gateways;
using Ambient.Waypoint.Mesh;

namespace Ambient.Waypoint.Upstreams;

/// <summary>
/// Certificates of this process towards endpoints, and the authorities that it believes: from Secrets of its own namespace, which the operator sends
/// to it alone. What is missing refuses the connection. A changed Secret counts from the next connection on. Any thread.
/// </summary>
internal sealed class UpstreamCredentials(WaypointContext context)
{
    private readonly ConditionalWeakTable<GatewayCertificate, ServedCertificate> _contexts = [];

    /// <exception cref="UpstreamDialException">What the policy names is not there or cannot be used.</exception>
    internal UpstreamCredential For(UpstreamTls policy)
    {
        WaypointState state = context.Mesh.Current;
        NamespacedName self = context.Config.Gateway;
        if (policy.Credential is { } name)
        {
            GatewayCertificate held = Held(state, GatewayCertificate.KeyOf(self, new NamespacedName(self.Namespace, name)), $"Secret {self.Namespace}/{name}");
            if (held.Problem is { } problem)
            {
                throw Refused(problem);
            }

            UpstreamTls judged = policy.CaCertificates.Length > 0 ? policy : policy with { CaCertificates = held.Authorities };
            return policy.Mode == UpstreamTlsMode.Mutual ? new UpstreamCredential(judged, Shown(held))
                : held.Authorities.Length > 0 ? new UpstreamCredential(judged, null)
                : throw Refused($"{held.Secret} has no authorities");
        }

        return policy.Mode == UpstreamTlsMode.Mutual ? throw Refused("its policy asks for a certificate and names none")
            : state.Gateway?.Config.BackendCertificate is { } own ? new UpstreamCredential(policy, Shown(Held(state, own, "the Gateway's certificate for backends")))
            : new UpstreamCredential(policy, null);
    }

    private static GatewayCertificate Held(WaypointState state, string key, string what) =>
        state.Snapshot.Find<GatewayCertificate>(key) ?? throw Refused($"{what} is not known to this proxy");

    private SslStreamCertificateContext Shown(GatewayCertificate held)
    {
        if (held.Chain.Length == 0)
        {
            throw Refused(held.Problem ?? $"{held.Secret} has no certificate");
        }

        return _contexts.GetValue(held, static c => ServedCertificate.Of(c, static _ => { })).Context ?? throw Refused($"the pair of Secret {held.Secret} cannot be read");
    }

    private static UpstreamDialException Refused(string reason) => new(UpstreamDialFailure.Invalid, $"TLS to the endpoint cannot be begun: {reason}");
}
