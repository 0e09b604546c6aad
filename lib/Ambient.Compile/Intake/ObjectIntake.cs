using System.Text.Json.Nodes;
using Ambient.Compile.Index;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Intake;

/// <summary>
/// Takes one object into the index, or out of it, and marks what depends on it. Kinds without meaning here do nothing.
/// </summary>
internal sealed class ObjectIntake(MeshIndex index, DirtySet dirty)
{
    private readonly WorkloadIntake _workloads = new(index, dirty);
    private readonly PolicyIntake _policies = new(index, dirty);

    /// <summary>A null manifest removes the object.</summary>
    /// <exception cref="FieldException">The object cannot be read; nothing was changed.</exception>
    public void Take(ObjectKey key, JsonObject? manifest)
    {
        var view = new JsonView(manifest, "");
        switch (key.Kind)
        {
            case KnownKinds.Namespace:
                index.Namespaces.Set(key, manifest is null ? null : SourceMeta.Read(view, key));
                NamespaceChanged(key.Name);
                break;
            case KnownKinds.Node:
                Node(key, manifest is null ? null : NodeSource.Read(view, key));
                break;
            case KnownKinds.Pod:
                _workloads.Pod(key, manifest is null ? null : PodSource.Read(view, key));
                break;
            case KnownKinds.Service:
                _workloads.Service(key, manifest is null ? null : ServiceSource.Read(view, key));
                break;
            case KnownKinds.EndpointSlice:
                _workloads.Slice(key, manifest is null ? null : SliceSource.Read(view, key));
                break;
            case KnownKinds.AuthorizationPolicy:
                _policies.Authorization(key, manifest, manifest is null ? null : SourceMeta.Read(view, key));
                break;
            case KnownKinds.PeerAuthentication:
                _policies.Peer(key, manifest, manifest is null ? null : SourceMeta.Read(view, key));
                break;
        }
    }

    private void NamespaceChanged(string name)
    {
        dirty.Add(index.Labels.Selected(name, null));
        dirty.Add(index.Services.In(name).Keys);
    }

    /// <summary>Nodes report every few seconds; only a change of place matters.</summary>
    private void Node(ObjectKey key, NodeSource? node)
    {
        var old = index.Nodes.Set(key, node);
        if (old?.Locality != node?.Locality)
        {
            dirty.Add(index.PodsOfNode[key.Name]);
        }
    }
}
