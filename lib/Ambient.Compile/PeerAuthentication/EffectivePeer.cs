using Ambient.Compile.Index;
using Ambient.Compile.Sources;

namespace Ambient.Compile.PeerAuthentication;

/// <summary>
/// Which mode holds for a workload: its own (selector) before its namespace's before the mesh's before PERMISSIVE; UNSET inherits.
/// Among equals the oldest wins. A selector in a root namespace selects in all namespaces, after one of the workload's own.
/// </summary>
internal static class EffectivePeer
{
    public static (PeerSource? Selected, MtlsMode Mode) Of(MeshIndex index, string @namespace, IReadOnlyDictionary<string, string> labels)
    {
        var selected = Oldest(index.Peers.In(@namespace).Values.Where(p => Selects(p, labels)))
            ?? Oldest(RootPeers(index).Where(p => Selects(p, labels)));
        MtlsMode mode = selected?.Mode ?? MtlsMode.Unset;
        if (mode == MtlsMode.Unset)
        {
            mode = OfNamespace(index, @namespace)?.Mode ?? MtlsMode.Unset;
        }

        if (mode == MtlsMode.Unset)
        {
            mode = OfMesh(index)?.Mode ?? MtlsMode.Unset;
        }

        return (selected, mode == MtlsMode.Unset ? MtlsMode.Permissive : mode);
    }

    /// <summary>The PeerAuthentication that gave a workload its mode; null when nobody did.</summary>
    public static PeerSource? Giver(MeshIndex index, string @namespace, IReadOnlyDictionary<string, string> labels) =>
        new[] { Of(index, @namespace, labels).Selected, OfNamespace(index, @namespace), OfMesh(index) }
            .FirstOrDefault(static p => p is not null && p.Mode != MtlsMode.Unset);

    /// <summary>The PeerAuthentication that speaks for a namespace; a root namespace has only the mesh's.</summary>
    public static PeerSource? OfNamespace(MeshIndex index, string @namespace) => index.Options.IsRoot(@namespace)
        ? null
        : Oldest(index.Peers.In(@namespace).Values.Where(static p => p.Selector is null));

    public static PeerSource? OfMesh(MeshIndex index) => Oldest(RootPeers(index).Where(static p => p.Selector is null));

    private static IEnumerable<PeerSource> RootPeers(MeshIndex index) =>
        index.Options.RootNamespaces.SelectMany(root => index.Peers.In(root).Values);

    private static bool Selects(PeerSource peer, IReadOnlyDictionary<string, string> labels) =>
        peer.Selector is { } selector && selector.Selects(labels);

    private static PeerSource? Oldest(IEnumerable<PeerSource> peers) =>
        peers.Min(Comparer<PeerSource>.Create(static (a, b) => SourceMeta.ByAge(a.Meta, b.Meta)));
}
