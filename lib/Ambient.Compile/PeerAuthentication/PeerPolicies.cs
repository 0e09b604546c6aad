using System.Collections.Immutable;
using Ambient.Compile.Sources;
using Ambient.Core;
using Ambient.Core.Policies;

namespace Ambient.Compile.PeerAuthentication;

/// <summary>
/// The generated policies that enforce STRICT: they deny a caller without identity. In one match all fields are ANDed, so a port
/// list narrows the denial to these ports and a list of excepted ports to the others.
/// </summary>
internal static class PeerPolicies
{
    private const string Converted = "converted_peer_authentication_";

    /// <summary>The policy for STRICT on every port: always present, so that a workload that becomes STRICT never lists what has not arrived.</summary>
    public static AuthorizationPolicy Static(string rootNamespace) =>
        Denial(new NamespacedName(rootNamespace, PolicyOrigin.SharedStrict), new PolicyMatch { NotPrincipals = [StringMatch.Presence] }, null);

    /// <summary>The policies of one PeerAuthentication with ports; with an inherited mode one for each mode it may inherit.</summary>
    public static ImmutableArray<AuthorizationPolicy> Of(PeerSource peer)
    {
        MtlsMode[] modes = peer.Mode == MtlsMode.Unset ? [MtlsMode.Permissive, MtlsMode.Strict] : [peer.Mode];
        return [.. modes.Select(mode => Ported(peer, mode)).OfType<AuthorizationPolicy>()];
    }

    /// <summary>Key of the policy that enforces <paramref name="peer"/> on a workload whose other ports are in <paramref name="mode"/>; null when none is needed.</summary>
    public static string? KeyFor(PeerSource? peer, MtlsMode mode, string rootNamespace) =>
        peer is not null && Ported(peer, mode) is { } ported ? ported.Key
        : mode == MtlsMode.Strict ? StaticKey(rootNamespace)
        : null;

    public static string StaticKey(string rootNamespace) => $"{rootNamespace}/{PolicyOrigin.SharedStrict}";

    private static AuthorizationPolicy? Ported(PeerSource peer, MtlsMode mode)
    {
        bool strict = mode == MtlsMode.Strict;
        ImmutableArray<ushort> differing =
            [.. peer.Ports.Where(p => p.Value == MtlsMode.Strict != strict).Select(static p => p.Key)];
        if (differing.IsEmpty)
        {
            return null;
        }

        var match = strict
            ? new PolicyMatch { NotPrincipals = [StringMatch.Presence], NotDestinationPorts = differing }
            : new PolicyMatch { NotPrincipals = [StringMatch.Presence], DestinationPorts = differing };
        string inherited = strict && peer.Mode == MtlsMode.Unset ? "_strict" : "";
        var name = new NamespacedName(peer.Meta.Namespace, Converted + peer.Meta.Name + inherited);
        return Denial(name, match, new PolicyOrigin(peer.Meta.Kind, peer.Meta.Namespace, peer.Meta.Name));
    }

    private static AuthorizationPolicy Denial(NamespacedName name, PolicyMatch match, PolicyOrigin? origin) => new()
    {
        Name = name,
        Scope = PolicyScope.WorkloadSelector,
        Action = PolicyAction.Deny,
        Rules = [new PolicyRule([new PolicyClause([match])])],
        Origin = origin,
    };
}
