using Ambient.Compile.Authorization;
using Ambient.Compile.Index;
using Ambient.Compile.PeerAuthentication;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Workloads;

/// <summary>Which policies mean a workload, and which of these it lists because they are chosen by selector.</summary>
internal sealed record ApplicablePolicies(IReadOnlyList<ObjectKey> Objects, IReadOnlyList<AuthorizationSource> Authorizations, string? PeerKey)
{
    public static ApplicablePolicies Of(MeshIndex index, string @namespace, IReadOnlyDictionary<string, string> labels)
    {
        var authorizations = index.Authorizations.In(@namespace).Values
            .Concat(index.Options.RootNamespaces.Where(root => root != @namespace).SelectMany(root => index.Authorizations.In(root).Values))
            .Where(a => !a.HasTargets && (a.Selector is null || a.Selector.Selects(labels)))
            .ToList();
        var (peer, mode) = EffectivePeer.Of(index, @namespace, labels);
        return new ApplicablePolicies(
            [.. authorizations.Select(static a => a.Meta.Key), .. peer is null ? [] : new[] { peer.Meta.Key }],
            authorizations, PeerPolicies.KeyFor(peer, mode, index.Options.RootNamespace));
    }

    /// <summary>Keys for the workload's own list, sorted.</summary>
    public IEnumerable<string> Listed(MeshIndex index, bool behindWaypoint) =>
        Authorizations.Where(a => AuthorizationCompiler.IsListed(index, a, behindWaypoint)).Select(AuthorizationCompiler.KeyOf)
            .Concat(PeerKey is null ? [] : [PeerKey])
            .Distinct().Order(StringComparer.Ordinal);
}
