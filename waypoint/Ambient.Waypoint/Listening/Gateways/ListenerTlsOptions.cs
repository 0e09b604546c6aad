using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Ambient.Core.Gateways;
using Ambient.Core;
using Ambient.Identity.Tls;
using Ambient.Waypoint.Hosting;
using Microsoft.Extensions.Logging;

namespace Ambient.Waypoint.Listening.Gateways;

/// <summary>
/// Ends the TLS of a listener with the certificates as the mesh has them now: a Secret that changed counts from the next handshake on, and
/// connections that stand are left alone.
/// </summary>
internal sealed class ListenerTlsOptions(WaypointContext context)
{
    private static readonly List<SslApplicationProtocol> s_http = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];

    private readonly ConditionalWeakTable<GatewayCertificate, ServedCertificate> _certificates = [];
    private readonly ILogger _log = context.Loggers.CreateLogger("ambient.gateway");

    /// <summary>Null when no certificate can be shown.</summary>
    /// <exception cref="AuthenticationException"/>
    /// <exception cref="IOException"/>
    internal async Task<EndedTls?> EndAsync(MeshConnection raw, GatewayListener listener, string? serverName, CancellationToken ct)
    {
        ListenerTls policy = listener.Tls!;
        if (Choose(context.Mesh.Current.Snapshot, policy, serverName) is not { } certificate)
        {
            return null;
        }

        ClientAuthorities? clients = policy.ClientVerification == ClientVerification.None ? null : ClientAuthorities.Of(policy);
        bool valid = false;
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = certificate,
            EnabledSslProtocols = Versions(policy),
            ApplicationProtocols = listener.Protocol == ListenerProtocol.Https ? s_http : null,
            AllowRenegotiation = false,
            // A resumed session would not show its certificate again, and that may no longer be good.
            AllowTlsResume = clients is null,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            ClientCertificateRequired = clients is not null,
            RemoteCertificateValidationCallback = clients is null ? null : (_, shown, chain, _) =>
            {
                valid = clients.IsValid(shown as X509Certificate2, chain, context.Time.GetUtcNow());
                return valid || policy.ClientVerification == ClientVerification.Optional;
            },
        };
        var tls = new SslStream(new ClientStream(raw), leaveInnerStreamOpen: true);
        try
        {
            await tls.AuthenticateAsServerAsync(options, ct);
            return new EndedTls(raw, tls, valid && tls.RemoteCertificate is X509Certificate2 shown ? ClientCertificateText.Of(shown) : null);
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }

    private SslStreamCertificateContext? Choose(MeshSnapshot mesh, ListenerTls policy, string? serverName)
    {
        ServedCertificate? first = null;
        foreach (string key in policy.Certificates)
        {
            if (mesh.Find<GatewayCertificate>(key) is { } certificate
                && _certificates.GetValue(certificate, c => ServedCertificate.Of(c, reason => GatewayLog.BadCertificate(_log, c.Key, reason))) is { Context: not null } served)
            {
                if (serverName is null || served.Names(serverName))
                {
                    return served.Context;
                }

                first ??= served;
            }
        }

        return first?.Context;
    }

    private static SslProtocols Versions(ListenerTls policy) =>
        (policy.MinVersion == ListenerTlsVersion.Tls12 ? SslProtocols.Tls12 : SslProtocols.None)
        | (policy.MaxVersion == ListenerTlsVersion.Tls13 ? SslProtocols.Tls13 : SslProtocols.None);
}
