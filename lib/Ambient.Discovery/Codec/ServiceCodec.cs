using Ambient.Core.Services;
using Proto = Istio.Workload;

namespace Ambient.Discovery.Codec;

/// <summary>istio.workload.Service.</summary>
public static class ServiceCodec
{
    public static Proto.Service ToProto(MeshService service)
    {
        var proto = new Proto.Service
        {
            Name = service.Name,
            Namespace = service.Namespace,
            Hostname = service.Hostname,
            Waypoint = GatewayCodec.ToProto(service.Waypoint),
            LoadBalancing = BalancingOf(service.Balancing),
            IpFamilies = (Proto.IPFamilies)service.IpFamilies,
            Canonical = service.Canonical,
            IngressUseWaypoint = service.IngressUseWaypoint,
            Visibility = (Proto.Visibility)service.Visibility,
        };
        proto.Addresses.AddRange(service.Addresses.Select(AddressOf));
        proto.Ports.AddRange(service.Ports.Select(PortCodec.ToProto));
        proto.SubjectAltNames.AddRange(service.SubjectAltNames);
        proto.WeightedWaypoints.AddRange(service.WeightedWaypoints.Select(
            share => new Proto.WeightedWaypoint { Destination = GatewayCodec.ToProto(share.Destination), Weight = share.Weight }));
        return proto;
    }

    /// <exception cref="CodecException">A field is missing, out of range or unknown.</exception>
    public static MeshService FromProto(Proto.Service proto) => new()
    {
        Name = Wire.Required(proto.Name, "name"),
        Namespace = Wire.Required(proto.Namespace, "namespace"),
        Hostname = Wire.Required(proto.Hostname, "hostname"),
        Addresses = Wire.List(proto.Addresses, "addresses", AddressFrom),
        Ports = Wire.List(proto.Ports, "ports", PortCodec.FromProto),
        SubjectAltNames = [.. proto.SubjectAltNames],
        Waypoint = GatewayCodec.FromProto(proto.Waypoint, "waypoint"),
        WeightedWaypoints = Wire.List(proto.WeightedWaypoints, "weighted_waypoints", WeightedFrom),
        Balancing = BalancingFrom(proto.LoadBalancing),
        IpFamilies = (IpFamilies)Wire.Known(proto.IpFamilies, "ip_families"),
        Canonical = proto.Canonical,
        IngressUseWaypoint = proto.IngressUseWaypoint,

        // An unknown value read as PUBLIC would show the service to everybody.
        Visibility = (ServiceVisibility)Wire.Known(proto.Visibility, "visibility"),
    };

    private static Proto.NetworkAddress AddressOf(ServiceAddress address)
    {
        var proto = new Proto.NetworkAddress { Network = address.Network, Address = Wire.Bytes(address.Address) };
        if (address.PrefixLength is { } length)
        {
            proto.Length = (uint)length;
        }

        return proto;
    }

    private static ServiceAddress AddressFrom(Proto.NetworkAddress proto, string field)
    {
        var address = Wire.Address(proto.Address, $"{field}.address");
        return new ServiceAddress(proto.Network, address, proto.HasLength ? Wire.Length(address, proto.Length, $"{field}.length") : null);
    }

    private static WeightedWaypoint WeightedFrom(Proto.WeightedWaypoint proto, string field) => new(
        GatewayCodec.FromProto(proto.Destination, $"{field}.destination") ?? throw new CodecException($"{field}.destination", "is required"),
        proto.Weight);

    private static Proto.LoadBalancing? BalancingOf(Balancing balancing)
    {
        if (balancing is { Preference.IsEmpty: true, Mode: BalancingMode.Unspecified, AllowUnhealthy: false })
        {
            return null;
        }

        var proto = new Proto.LoadBalancing
        {
            Mode = (Proto.LoadBalancing.Types.Mode)balancing.Mode,
            HealthPolicy = balancing.AllowUnhealthy
                ? Proto.LoadBalancing.Types.HealthPolicy.AllowAll
                : Proto.LoadBalancing.Types.HealthPolicy.OnlyHealthy,
        };
        proto.RoutingPreference.AddRange(balancing.Preference.Select(scope => (Proto.LoadBalancing.Types.Scope)scope));
        return proto;
    }

    private static Balancing BalancingFrom(Proto.LoadBalancing? proto) => proto is null
        ? Balancing.Default
        : new Balancing(
            Wire.List(proto.RoutingPreference, "load_balancing.routing_preference", (scope, field) => (BalancingScope)Wire.Known(scope, field)),
            (BalancingMode)Wire.Known(proto.Mode, "load_balancing.mode"),
            Wire.Known(proto.HealthPolicy, "load_balancing.health_policy") == Proto.LoadBalancing.Types.HealthPolicy.AllowAll);
}
