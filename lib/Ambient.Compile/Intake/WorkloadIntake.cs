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
        bool follows = service is { IsExternalName: false, Selector.Count: > 0 };
        index.ServiceSelectors.Set(key, follows ? service : null, service?.Selector);
        Rivals(index.Hosts.Set(old?.Meta, Hosts(old), service?.Meta, Hosts(service)));
        foreach (var version in new[] { old, service })
        {
            if (version is { IsExternalName: false, Selector.Count: > 0 })
            {
                dirty.Add(index.Labels.Selected(key.Namespace, version.Selector));
            }
        }

        foreach (var slice in IsByHand(old) || IsByHand(service) ? index.SlicesOfService[key] : new HashSet<ObjectKey>())
        {
            dirty.Add(slice);
            dirty.Add(PodsOf(index.Slices.Find(slice)!));
        }

        dirty.Add(key);
    }

    /// <summary>Moves the claims of Services to the host names that they have after the change.</summary>
    public void RenameHosts(IReadOnlyList<ServiceSource> services, Action change)
    {
        foreach (var service in services)
        {
            index.Hosts.Set(service.Meta, Hosts(service), null, []);
        }

        change();
        foreach (var service in services)
        {
            index.Hosts.Set(null, [], service.Meta, Hosts(service));
        }
    }

    public void WorkloadEntry(ObjectKey key, WorkloadEntrySource? entry)
    {
        var old = index.WorkloadEntries.Set(key, entry);
        index.Labels.Set(key, entry?.Spec is null ? null : entry.Labels);
        dirty.Add(index.Claims.Set(old?.Meta, old?.Address is { } was ? [was] : [], entry?.Meta, entry?.Address is { } now ? [now] : []));
        dirty.Add(key);
    }

    public void ServiceEntry(ObjectKey key, ServiceEntrySource? entry)
    {
        var old = index.ServiceEntries.Set(key, entry);
        index.EntrySelectors.Set(key, entry?.Selector is { Count: > 0 } ? entry : null, entry?.Selector);
        dirty.Add(index.Claims.Set(old?.Meta, Claimed(old), entry?.Meta, Claimed(entry)));
        dirty.Add(index.AutoAddresses.Set(old, entry));
        Rivals(index.Hosts.Set(old?.Meta, Hosts(old), entry?.Meta, Hosts(entry)));
        Chosen(old);
        Chosen(entry);
        dirty.Add(key);
    }

    /// <summary>Others that claim the same hosts: what they serve, and the workloads that they choose, may have changed.</summary>
    private void Rivals(IEnumerable<ObjectKey> rivals)
    {
        foreach (var rival in rivals)
        {
            dirty.Add(rival);
            Chosen(index.ServiceEntries.Find(rival));
        }
    }

    private void Chosen(ServiceEntrySource? entry)
    {
        if (entry?.Selector is { Count: > 0 } selector)
        {
            dirty.Add(index.Labels.Selected(entry.Meta.Namespace, selector));
        }
    }

    public void Slice(ObjectKey key, SliceSource? slice)
    {
        var old = index.Slices.Set(key, slice);
        dirty.Add(index.Claims.Set(old?.Meta, Claimed(old), slice?.Meta, Claimed(slice)));
        if (old is not null)
        {
            SliceChanged(old);
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

            SliceChanged(slice);
        }

        dirty.Add(key);
    }

    /// <summary>Pods behind a selector follow the selector, not the slice: its many changes cost nothing.</summary>
    private void SliceChanged(SliceSource slice)
    {
        if (IsByHand(index.Services.Find(ServiceOf(slice))))
        {
            dirty.Add(PodsOf(slice));
        }
    }

    private static bool IsByHand(ServiceSource? service) => service is { IsExternalName: false, Selector.Count: 0 };

    private static ObjectKey ServiceOf(SliceSource slice) => new(KnownKinds.Service, slice.Meta.Namespace, slice.Service);

    private static IEnumerable<ObjectKey> PodsOf(SliceSource slice) =>
        slice.Endpoints.Where(static e => e.Pod.Length > 0).Select(e => new ObjectKey(KnownKinds.Pod, slice.Meta.Namespace, e.Pod)).Distinct();

    private string[] Hosts(ServiceSource? service) =>
        service is null or { IsExternalName: true } ? [] : [$"{service.Meta.Namespace}/{index.HostnameOf(service.Meta.Name, service.Meta.Namespace)}"];

    private static IEnumerable<string> Hosts(ServiceEntrySource? entry) =>
        entry is null ? [] : entry.Hosts.Select(host => $"{entry.Meta.Namespace}/{host}");

    private static IEnumerable<IPAddress> Claimed(ServiceEntrySource? entry) => (entry?.Spec?.Endpoints ?? [])
        .Select(static e => IpText.TryAddress(e.Address ?? "", out var address) ? address : null).OfType<IPAddress>().Distinct();

    private static ImmutableArray<IPAddress> Claimed(PodSource? pod) => pod is { HasOwnAddress: true } ? pod.Addresses : [];

    /// <summary>Addresses of no pod.</summary>
    private static ImmutableArray<IPAddress> Claimed(SliceSource? slice) =>
        slice is null ? [] : [.. slice.Endpoints.Where(static e => e.Pod.Length == 0).SelectMany(static e => e.Addresses).Distinct()];
}
