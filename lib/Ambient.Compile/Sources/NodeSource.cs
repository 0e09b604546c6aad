using Ambient.Core.Workloads;

namespace Ambient.Compile.Sources;

/// <summary>A Kubernetes Node: where it stands.</summary>
internal sealed record NodeSource(SourceMeta Meta, Locality Locality)
{
    public static NodeSource Read(JsonView o, ObjectKey key)
    {
        var meta = SourceMeta.Read(o, key);
        return new NodeSource(meta, new Locality(
            meta.Label("topology.kubernetes.io/region"), meta.Label("topology.kubernetes.io/zone"), meta.Label("topology.istio.io/subzone")));
    }
}
