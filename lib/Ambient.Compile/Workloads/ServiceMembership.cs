using System.Collections.Immutable;
using Ambient.Compile.Index;
using Ambient.Compile.Sources;
using Ambient.Core.Services;

namespace Ambient.Compile.Workloads;

/// <summary>
/// Which services a pod serves and by which of its ports: those whose selector takes it, and selector-less ones whose EndpointSlice
/// names it. Only TCP: nothing else travels through the mesh.
/// </summary>
internal static class ServiceMembership
{
    private static readonly Comparer<SourceMeta> ByAge = Comparer<SourceMeta>.Create(SourceMeta.ByAge);

    public static ImmutableDictionary<string, ImmutableArray<ServicePort>> Of(
        MeshIndex index, ObjectKey key, IReadOnlyDictionary<string, string> labels, ImmutableArray<NamedPort> ports)
    {
        var services = ImmutableDictionary.CreateBuilder<string, ImmutableArray<ServicePort>>(StringComparer.Ordinal);
        foreach (var service in index.ServiceSelectors.Selecting(key.Namespace, labels))
        {
            services[KeyOf(index, service)] = Ports(service, ports);
        }

        AddEntries(services, index, key, labels, null);
        foreach (var sliceKey in index.SlicesOfPod[key].Order())
        {
            if (index.Slices.Find(sliceKey) is { } slice && SelectorLess(index, slice) is { } service)
            {
                services[KeyOf(index, service)] = SlicePorts(service, slice.Ports);
            }
        }

        return services.ToImmutable();
    }

    /// <summary>The same for a workload outside Kubernetes, which gives its ports by the names of the service's.</summary>
    public static ImmutableDictionary<string, ImmutableArray<ServicePort>> OfEntry(
        MeshIndex index, ObjectKey key, IReadOnlyDictionary<string, string> labels, IReadOnlyDictionary<string, int>? ports)
    {
        var services = ImmutableDictionary.CreateBuilder<string, ImmutableArray<ServicePort>>(StringComparer.Ordinal);
        foreach (var service in index.ServiceSelectors.Selecting(key.Namespace, labels))
        {
            services[KeyOf(index, service)] = [.. service.Ports.Where(static p => p.Protocol == "TCP")
                .Select(p => new ServicePort(p.Port, EntryTarget(p, ports), Services.AppProtocols.Of(p)))
                .Where(static p => p.TargetPort > 0)];
        }

        AddEntries(services, index, key, labels, ports);
        return services.ToImmutable();
    }

    /// <summary>Services and ServiceEntries that a workload serves.</summary>
    public static IEnumerable<SourceMeta> Of(MeshIndex index, ObjectKey key, IReadOnlyDictionary<string, string> labels) =>
    [
        .. index.ServiceSelectors.Selecting(key.Namespace, labels).Select(static s => s.Meta),
        .. index.EntrySelectors.Selecting(key.Namespace, labels).Select(static e => e.Meta),
        .. index.SlicesOfPod[key].Select(index.Slices.Find).OfType<SliceSource>().Select(s => SelectorLess(index, s)).OfType<ServiceSource>().Select(static s => s.Meta),
    ];

    private static int EntryTarget(ServicePortSource port, IReadOnlyDictionary<string, int>? ports) =>
        ports is not null && (ports.TryGetValue(port.Name, out int own) || ports.TryGetValue(port.TargetName, out own)) ? own
        : port.TargetName.Length > 0 ? 0
        : port.TargetNumber > 0 ? port.TargetNumber
        : port.Port;

    /// <summary>ServiceEntries of the namespace that choose workloads by label.</summary>
    private static void AddEntries(
        ImmutableDictionary<string, ImmutableArray<ServicePort>>.Builder services,
        MeshIndex index,
        ObjectKey key,
        IReadOnlyDictionary<string, string> labels,
        IReadOnlyDictionary<string, int>? ports)
    {
        foreach (var entry in index.EntrySelectors.Selecting(key.Namespace, labels).OrderBy(static e => e.Meta, ByAge))
        {
            foreach (string host in entry.Hosts)
            {
                string service = $"{key.Namespace}/{host}";
                var winner = index.Hosts.Winner(service);
                if ((winner?.Key == entry.Meta.Key || winner?.Key.Kind == KnownKinds.Service) && !services.ContainsKey(service))
                {
                    services[service] = Services.ServiceEntryPorts.OfEndpoint(entry.Spec!, ports);
                }
            }
        }
    }

    /// <summary>The service of a slice that is managed by hand; null for one that follows a selector.</summary>
    public static ServiceSource? SelectorLess(MeshIndex index, SliceSource slice) =>
        index.Services.Find(new ObjectKey(KnownKinds.Service, slice.Meta.Namespace, slice.Service)) is { IsExternalName: false, Selector.Count: 0 } service
            ? service
            : null;

    public static string KeyOf(MeshIndex index, ServiceSource service) =>
        $"{service.Meta.Namespace}/{index.HostnameOf(service.Meta.Name, service.Meta.Namespace)}";

    /// <summary>The ports of a service at an endpoint; one whose name the endpoint does not have is not served there.</summary>
    public static ImmutableArray<ServicePort> Ports(ServiceSource service, ImmutableArray<NamedPort> pod) =>
        [.. service.Ports.Where(static p => p.Protocol == "TCP")
            .Select(p => new ServicePort(p.Port, Target(p, pod), Services.AppProtocols.Of(p)))
            .Where(static p => p.TargetPort > 0)];

    /// <summary>The ports of a service at an address of a slice: the slice names its ports as the service does.</summary>
    public static ImmutableArray<ServicePort> SlicePorts(ServiceSource service, ImmutableArray<NamedPort> slice) =>
        [.. service.Ports.Where(static p => p.Protocol == "TCP")
            .Select(p => new ServicePort(p.Port, slice.FirstOrDefault(s => s.Name == p.Name && s.Protocol == "TCP")?.Port ?? 0, Services.AppProtocols.Of(p)))
            .Where(static p => p.TargetPort > 0)];

    private static int Target(ServicePortSource port, ImmutableArray<NamedPort> pod) =>
        port.TargetName.Length > 0 ? pod.FirstOrDefault(p => p.Name == port.TargetName && p.Protocol == "TCP")?.Port ?? 0
        : port.TargetNumber > 0 ? port.TargetNumber
        : port.Port;
}
