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
        var selected = Oldest(index.PeerSelectors.Selecting(@namespace, labels))
            ?? Oldest(index.Options.RootNamespaces.SelectMany(root => index.PeerSelectors.Selecting(root, labels)));
        var giver = Speaking(selected) ?? Speaking(OfNamespace(index, @namespace)) ?? Speaking(OfMesh(index));
        return (selected, giver?.Mode ?? MtlsMode.Permissive, giver);
    }

    /// <summary>The PeerAuthentication that speaks for a namespace; a root namespace has only the mesh's.</summary>
    public static PeerSource? OfNamespace(MeshIndex index, string @namespace) => index.Options.IsRoot(@namespace)
        ? null
        : Oldest(index.PeerSelectors.WithoutSelector(@namespace));

    public static PeerSource? OfMesh(MeshIndex index) => Oldest(index.Options.RootNamespaces.SelectMany(index.PeerSelectors.WithoutSelector));

    private static PeerSource? Speaking(PeerSource? peer) => peer is null or { Mode: MtlsMode.Unset } ? null : peer;

    private static PeerSource? Oldest(IEnumerable<PeerSource> peers) =>
        peers.Min(Comparer<PeerSource>.Create(static (a, b) => SourceMeta.ByAge(a.Meta, b.Meta)));
}
