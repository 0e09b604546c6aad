using Ambient.Compile.Index;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Routes;

/// <summary>Which service a host is: the Kubernetes Service of that name, else the oldest ServiceEntry, one of the asker's namespace first.</summary>
internal static class RouteTargets
{
    public static RouteTarget? Find(MeshIndex index, string host, string? @namespace = null)
    {
        if (RouteHosts.Parts(host, index.Settings.ClusterDomain) is var (ns, name)
            && index.Services.Find(new ObjectKey(KnownKinds.Service, ns, name)) is { IsExternalName: false } service)
        {
            return Of(index, service);
        }

        return index.Routing.EntriesOf[host].Select(index.ServiceEntries.Find).OfType<ServiceEntrySource>().Where(static e => e.Spec is not null)
            .OrderBy(e => e.Meta.Namespace == @namespace ? 0 : 1).ThenBy(static e => e.Meta, Comparer<SourceMeta>.Create(SourceMeta.ByAge))
            .FirstOrDefault() is { } entry
            ? Of(entry, host)
            : null;
    }

    public static RouteTarget Of(MeshIndex index, ServiceSource service)
    {
        string host = index.HostnameOf(service.Meta.Name, service.Meta.Namespace);
        return new RouteTarget(
            service.Meta.Key, $"{service.Meta.Namespace}/{host}", service.Meta.Namespace, service.Meta.Name, host,
            [.. service.Ports.Where(static p => p.Protocol == "TCP").Select(static p => p.Port)]);
    }

    /// <summary>A ServiceEntry's host is known to its author by that host.</summary>
    public static RouteTarget Of(ServiceEntrySource entry, string host) => new(
        entry.Meta.Key, $"{entry.Meta.Namespace}/{host}", entry.Meta.Namespace, host, host, [.. (entry.Spec?.Ports ?? []).Select(static p => p.Number ?? 0)]);

    /// <summary>Host names of a Service or ServiceEntry, as routes have them.</summary>
    public static IEnumerable<string> HostsOf(MeshIndex index, ServiceSource? service) =>
        service is null ? [] : [RouteHosts.Full(index.HostnameOf(service.Meta.Name, service.Meta.Namespace), "", index.Settings.ClusterDomain)];
}
