using System.Collections.Immutable;
using System.Net;
using Ambient.Compile.Index;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Intake;

/// <summary>Pods, services and slices into the index.</summary>
internal sealed class WorkloadIntake(MeshIndex index, DirtySet dirty)
{
    public void Pod(ObjectKey key, PodSource? pod)
    {
        var old = index.Pods.Set(key, pod);
        index.Labels.Set(key, pod is null or { Finished: true } ? null : pod.Meta.Labels);
        dirty.Add(index.Claims.Set(old?.Meta, Claimed(old), pod?.Meta, Claimed(pod)));
        if (old is not null)
        {
            index.PodsOfNode.Remove(old.Node, key);
        }

        if (pod is not null)
        {
            index.PodsOfNode.Add(pod.Node, key);
        }

        dirty.Add(key);
    }

    public void Service(ObjectKey key, ServiceSource? service)
    {
        var old = index.Services.Set(key, service);
        foreach (var version in new[] { old, service })
        {
            if (version is { IsExternalName: false, Selector.Count: > 0 })
            {
                dirty.Add(index.Labels.Selected(key.Namespace, version.Selector));
            }
        }

        foreach (var slice in index.SlicesOfService[key])
        {
            SliceChanged(slice, index.Slices.Find(slice));
        }

        dirty.Add(key);
    }

    public void Slice(ObjectKey key, SliceSource? slice)
    {
        var old = index.Slices.Set(key, slice);
        dirty.Add(index.Claims.Set(old?.Meta, Claimed(old), slice?.Meta, Claimed(slice)));
        if (old is not null)
        {
            SliceChanged(key, old);
            index.SlicesOfService.Remove(ServiceOf(old), key);
            foreach (var pod in PodsOf(old))
            {
                index.SlicesOfPod.Remove(pod, key);
            }
        }

        if (slice is not null)
        {
            index.SlicesOfService.Add(ServiceOf(slice), key);
            foreach (var pod in PodsOf(slice))
            {
                index.SlicesOfPod.Add(pod, key);
            }

            SliceChanged(key, slice);
        }

        dirty.Add(key);
    }

    private void SliceChanged(ObjectKey key, SliceSource? slice)
    {
        dirty.Add(key);
        // Pods behind a selector follow the selector, not the slice.
        bool follows = slice is not null && index.Services.Find(ServiceOf(slice)) is { Selector.Count: > 0 };
        dirty.Add(slice is null || follows ? [] : PodsOf(slice));
    }

    private static ObjectKey ServiceOf(SliceSource slice) => new(KnownKinds.Service, slice.Meta.Namespace, slice.Service);

    private static IEnumerable<ObjectKey> PodsOf(SliceSource slice) =>
        slice.Endpoints.Where(static e => e.Pod.Length > 0).Select(e => new ObjectKey(KnownKinds.Pod, slice.Meta.Namespace, e.Pod)).Distinct();

    private static ImmutableArray<IPAddress> Claimed(PodSource? pod) => pod is { HasOwnAddress: true } ? pod.Addresses : [];

    /// <summary>Addresses of no pod.</summary>
    private static ImmutableArray<IPAddress> Claimed(SliceSource? slice) =>
        slice is null ? [] : [.. slice.Endpoints.Where(static e => e.Pod.Length == 0).SelectMany(static e => e.Addresses).Distinct()];
}
