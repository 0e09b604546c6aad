using System.Collections.Immutable;
using Ambient.Compile.Authorization;
using Ambient.Compile.Index;
using Ambient.Compile.PeerAuthentication;
using Ambient.Compile.Sources;
using Ambient.Compile.Waypoints;
using Ambient.Core.Policies;

namespace Ambient.Compile.Workloads;

/// <summary>Which policies mean a workload, and which of these it lists because they are chosen by selector.</summary>
internal sealed record ApplicablePolicies(
    string Namespace, IReadOnlyList<ObjectKey> Objects, IReadOnlyList<AuthorizationSource> Authorizations, string? PeerKey, PolicyOrigin? StrictOrigin, bool HasTokens)
{
    private readonly Dictionary<string, (long Turn, ImmutableArray<string> Keys)> _listed = new(StringComparer.Ordinal);

    public static ApplicablePolicies Of(MeshIndex index, string @namespace, IReadOnlyDictionary<string, string> labels)
    {
        var authorizations = index.Options.RootNamespaces.Where(root => root != @namespace).Prepend(@namespace)
            .SelectMany(ns => index.AuthorizationSelectors.WithoutSelector(ns).Concat(index.AuthorizationSelectors.Selecting(ns, labels)))
            .Concat(index.Targeted[@namespace].Select(index.Authorizations.Find).OfType<AuthorizationSource>().Where(a => PolicyTargets.Reach(index, a, labels)))
            .ToList();
        var tokens = index.Options.RootNamespaces.Where(root => root != @namespace).Prepend(@namespace)
            .SelectMany(ns => index.TokenSelectors.WithoutSelector(ns).Concat(index.TokenSelectors.Selecting(ns, labels))).ToList();
        var (peer, mode, giver) = EffectivePeer.Of(index, @namespace, labels);
        string? peerKey = PeerPolicies.KeyFor(peer, mode, index.Options.RootNamespace);
        return new ApplicablePolicies(
            @namespace,
            [.. authorizations.Select(static a => a.Meta.Key), .. tokens.Select(static t => t.Meta.Key), .. peer is null ? [] : new[] { peer.Meta.Key }],
            authorizations,
            peerKey,
            peerKey == PeerPolicies.StaticKey(index.Options.RootNamespace) && giver is not null
                ? new PolicyOrigin(giver.Meta.Kind, giver.Meta.Namespace, giver.Meta.Name)
                : null,
            tokens.Count > 0);
    }

    /// <summary>
    /// Keys for the workload's own list, sorted. Behind a waypoint that has something to enforce, the workload takes connections only
    /// from there. Made once for all workloads that share it.
    /// </summary>
    public ImmutableArray<string> Listed(MeshIndex index, WaypointBinding? waypoint)
    {
        string way = waypoint is null ? "" : string.Join(',', waypoint.OnlyFromKeys);
        if (!_listed.TryGetValue(way, out var listed) || listed.Turn != index.Attachments.Turns)
        {
            _listed[way] = listed = (index.Attachments.Turns, [.. Keys(index, waypoint)]);
        }

        return listed.Keys;
    }

    /// <summary>
    /// A policy is attached to the waypoint, or to a service that the workload may be an endpoint of. One that is attached to another Gateway, such as
    /// an ingress, is not the waypoint's to enforce.
    /// </summary>
    private bool IsTargeted(MeshIndex index, ObjectKey waypoint) =>
        index.PoliciesAt[waypoint].Any(Judges)
        || (index.Gateways.Find(waypoint) is { } gateway && index.PoliciesAt[new ObjectKey(KnownKinds.GatewayClass, "", gateway.Class)]
            .Any(k => Judges(k) && (index.Options.IsRoot(k.Namespace) || k.Namespace == waypoint.Namespace)))
        || index.Targeted[Namespace].Select(index.Authorizations.Find).OfType<AuthorizationSource>()
            .Any(static a => a.Spec is null || PolicyTargets.KeysOf(a).Any(static k => k.Kind != KnownKinds.Gateway))
        || index.TargetedTokens[Namespace].Select(index.Tokens.Find).OfType<Tokens.TokenSource>().Any(static t => t.Targets.Any(static k => k.Kind != KnownKinds.Gateway));

    // What else is attached to waypoints lets nobody in and keeps nobody out.
    private static bool Judges(ObjectKey policy) => policy.Kind is KnownKinds.AuthorizationPolicy or KnownKinds.RequestAuthentication;

    private IEnumerable<string> Keys(MeshIndex index, WaypointBinding? waypoint)
    {
        bool onlyFromWaypoint = waypoint is not null && (waypoint.Gateways.Any(g => IsTargeted(index, g)) || HasTokens || Authorizations.Any(static a => !a.ReachesBehindWaypoint));
        return Authorizations.Where(a => AuthorizationCompiler.IsListed(index, a, waypoint is not null)).Select(static a => a.PolicyKey)
            .Concat(PeerKey is null ? [] : [PeerKey])
            .Concat(onlyFromWaypoint ? waypoint!.OnlyFromKeys : [])
            .Distinct().Order(StringComparer.Ordinal);
    }
}
