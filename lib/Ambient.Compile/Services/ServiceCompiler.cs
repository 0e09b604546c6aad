using Ambient.Compile.Index;
using Ambient.Compile.Reports;
using Ambient.Compile.Routes.Linkerd;
using Ambient.Compile.Sources;
using Ambient.Compile.Waypoints;
using Ambient.Core.Services;

namespace Ambient.Compile.Services;

/// <summary>Kubernetes Service → mesh service. An ExternalName is a DNS alias and no service here.</summary>
internal static class ServiceCompiler
{
    public static UnitOutput Compile(MeshIndex index, ServiceSource service, WaypointBinding? waypoint)
    {
        if (service.IsExternalName)
        {
            return UnitOutput.Nothing;
        }

        var canary = WaypointCanary.Of(index, service.Meta, waypoint);
        return new UnitOutput
        {
            Services = [Service(index, service) with { Waypoint = waypoint is { ForServices: true } ? waypoint.Address : null, WeightedWaypoints = [.. WaypointCanary.Shares(waypoint, canary)] }],
            Status = waypoint is null ? null : ResourceChecks.Report(service.Meta, null, "", Bound(waypoint, canary)),
            Findings = [.. BindingFindings.Of(service.Meta, waypoint, canary), .. LinkerdFindings.OfService(service.Meta)],
        };
    }

    private static Condition Bound(WaypointBinding waypoint, WaypointCanary? canary) => waypoint switch
    {
        { Exists: true, ForServices: true } when canary is not null => Condition.True(
            "istio.io/WaypointBound", canary.InForce ? "WaypointAccepted" : canary.Reason,
            $"bound to the waypoint {waypoint.Name}; {canary.Message}{(canary.InForce ? "" : ", so all connections go to the first")}"),
        { Exists: false } => Condition.False("istio.io/WaypointBound", "WaypointMissing", waypoint.Missing),
        { ForServices: false } => Condition.False("istio.io/WaypointBound", "UnsupportedTrafficType", $"the waypoint {waypoint.Name} takes no traffic for services"),
        _ => Condition.True("istio.io/WaypointBound", "WaypointAccepted", $"bound to the waypoint {waypoint.Name}; while that is not ready, connections to the service are refused"),
    };

    private static MeshService Service(MeshIndex index, ServiceSource service) => new()
    {
        Name = service.Meta.Name,
        Namespace = service.Meta.Namespace,
        Hostname = index.HostnameOf(service.Meta.Name, service.Meta.Namespace),
        Addresses = [.. service.ClusterIps.Select(ip => new ServiceAddress(index.Options.Network, ip))],
        Ports = [.. service.Ports.Where(static p => p.Protocol == "TCP").Select(static p => new ServicePort(
            p.Port, p.TargetName.Length > 0 ? 0 : p.TargetNumber > 0 ? p.TargetNumber : p.Port, AppProtocols.Of(p)))],
        Balancing = ServiceBalancing.Of(service, index.NamespaceOf(service.Meta.Namespace)),
        IpFamilies = Families(service),
        Canonical = true,
        IngressUseWaypoint = service.Meta.Label("istio.io/ingress-use-waypoint") == "true",
    };

    private static IpFamilies Families(ServiceSource service) =>
        (service.IpFamilies.Contains("IPv4"), service.IpFamilies.Contains("IPv6")) switch
        {
            (true, true) => IpFamilies.Dual,
            (true, false) => IpFamilies.IPv4Only,
            (false, true) => IpFamilies.IPv6Only,
            (false, false) => IpFamilies.Automatic,
        };
}
