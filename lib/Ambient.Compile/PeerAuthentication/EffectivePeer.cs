using Ambient.Compile.Index;
using Ambient.Compile.Sources;

namespace Ambient.Compile.PeerAuthentication;

/// <summary>
/// Which mode holds for a workload: its own (selector) before its namespace's before the mesh's before PERMISSIVE; UNSET inherits.
/// Among equals the oldest wins. A selector in a root namespace selects in all namespaces, after one of the workload's own.
/// </summary>
internal static class EffectivePeer
{
    /// <returns>The one that selects the workload, if any; the mode; and the one that gave it, null when nobody did.</returns>
    public static (PeerSource? Selected, MtlsMode Mode, PeerSource? Giver) Of(
        MeshIndex index, string @namespace, IReadOnlyDictionary<string, string> labels)
    {
        var selected = Oldest(index.Peers.In(@namespace).Values.Where(p => Selects(p, labels)))
            ?? Oldest(RootPeers(index).Where(p => Selects(p, labels)));
        var giver = Speaking(selected) ?? Speaking(OfNamespace(index, @namespace)) ?? Speaking(OfMesh(index));
        return (selected, giver?.Mode ?? MtlsMode.Permissive, giver);
    }

    /// <summary>The PeerAuthentication that speaks for a namespace; a root namespace has only the mesh's.</summary>
    public static PeerSource? OfNamespace(MeshIndex index, string @namespace) => index.Options.IsRoot(@namespace)
        ? null
        : Oldest(index.Peers.In(@namespace).Values.Where(static p => p.Selector is null));

    public static PeerSource? OfMesh(MeshIndex index) => Oldest(RootPeers(index).Where(static p => p.Selector is null));

    private static PeerSource? Speaking(PeerSource? peer) => peer is null or { Mode: MtlsMode.Unset } ? null : peer;

    private static IEnumerable<PeerSource> RootPeers(MeshIndex index) =>
        index.Options.RootNamespaces.SelectMany(root => index.Peers.In(root).Values);

    private static bool Selects(PeerSource peer, IReadOnlyDictionary<string, string> labels) =>
        peer.Selector is { } selector && selector.Selects(labels);

    private static PeerSource? Oldest(IEnumerable<PeerSource> peers) =>
        peers.Min(Comparer<PeerSource>.Create(static (a, b) => SourceMeta.ByAge(a.Meta, b.Meta)));
}
