using Ambient.Compile.Authorization;
using Ambient.Compile.Index;
using Ambient.Compile.PeerAuthentication;
using Ambient.Compile.Services;
using Ambient.Compile.Sources;
using Ambient.Compile.Workloads;

namespace Ambient.Compile;

/// <summary>One object of the index → all that it becomes. What other units then have to do again goes to the dirty set.</summary>
internal sealed class UnitCompiler(MeshIndex index, DirtySet dirty)
{
    public UnitOutput Compile(ObjectKey key) => key.Kind switch
    {
        KnownKinds.Pod => Pod(key),
        KnownKinds.Service => index.Services.Find(key) is { } service ? ServiceCompiler.Compile(index, service) : UnitOutput.Nothing,
        KnownKinds.EndpointSlice => index.Slices.Find(key) is { } slice ? SliceCompiler.Compile(index, slice) : UnitOutput.Nothing,
        KnownKinds.AuthorizationPolicy =>
            index.Authorizations.Find(key) is { } policy ? AuthorizationCompiler.Compile(index, policy) : UnitOutput.Nothing,
        KnownKinds.PeerAuthentication => index.Peers.Find(key) is { } peer ? PeerCompiler.Compile(index, peer) : UnitOutput.Nothing,
        _ => UnitOutput.Nothing,
    };

    private UnitOutput Pod(ObjectKey key)
    {
        if (index.Pods.Find(key) is not { Finished: false } pod)
        {
            Attach(key, []);
            return UnitOutput.Nothing;
        }

        var policies = ApplicablePolicies.Of(index, key.Namespace, pod.Meta.Labels);
        Attach(key, policies.Objects);
        return PodCompiler.Compile(index, pod, policies);
    }

    private void Attach(ObjectKey workload, IReadOnlyList<ObjectKey> policies)
    {
        foreach (var policy in index.Attachments.Set(workload, policies, behindWaypoint: false))
        {
            dirty.Add(policy);
        }
    }
}
