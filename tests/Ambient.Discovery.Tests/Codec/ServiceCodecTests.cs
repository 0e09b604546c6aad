using System.Net;
using Ambient.Core;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Discovery.Codec;
using Google.Protobuf;
using Proto = Istio.Workload;

namespace Ambient.Discovery.Tests.Codec;

public sealed class ServiceCodecTests
{
    private static MeshService Full => new()
    {
        Name = "orders",
        Namespace = "shop",
        Hostname = "orders.shop.svc.cluster.local",
        Addresses = [new("n", IPAddress.Parse("10.96.0.10")), new("", IPAddress.Parse("fd00::"), 64)],
        Ports = [new(80, 8080, AppProtocol.Http2), new(443, 0, AppProtocol.Tls)],
        SubjectAltNames = ["spiffe://cluster.local/ns/shop/sa/orders"],
        Waypoint = new GatewayAddress(new NamespacedName("shop", "wp"), null, 15008),
        WeightedWaypoints = [new(new GatewayAddress(null, new NetworkAddress("", IPAddress.Loopback), 15008), 30)],
        Balancing = new Balancing([BalancingScope.Network, BalancingScope.Zone], BalancingMode.Failover, true),
        IpFamilies = IpFamilies.Dual,
        Canonical = true,
        IngressUseWaypoint = true,
        Visibility = ServiceVisibility.Namespace,
    };

    [Fact]
    public void RoundTrip_EveryFieldSet_ComesBack() => Same.Content(Full, Again(Full));

    [Fact]
    public void RoundTrip_OnlyRequired_ComesBack() => Same.Content(Mesh.Service(), Again(Mesh.Service()));

    [Fact]
    public void ToProto_WholeMessage_IsByteForByteThis()
    {
        MeshService service = new()
        {
            Name = "o",
            Namespace = "s",
            Hostname = "h",
            Addresses = [new("n", IPAddress.Parse("10.96.0.0"), 16)],
            Ports = [new(80, 8080, AppProtocol.Tcp)],
            SubjectAltNames = ["x"],
            Balancing = new Balancing([BalancingScope.Node], BalancingMode.Strict, true),
            IpFamilies = IpFamilies.IPv6Only,
            Canonical = true,
            IngressUseWaypoint = true,
            WeightedWaypoints = [new(new GatewayAddress(new NamespacedName("a", "b"), null, 1), 5)],
            Visibility = ServiceVisibility.Namespace,
        };
        string expected = string.Concat(
            "0A016F", // 1 name
            "120173", // 2 namespace
            "1A0168", // 3 hostname
            "220B" + "0A016E" + "12040A600000" + "1810", // 4 addresses: network 1, address 2, length 3
            "2A07" + "0850" + "10903F" + "1804", // 5 ports: service_port 1, target_port 2, app_protocol 3
            "320178", // 6 subject_alt_names
            "4207" + "0A0104" + "1001" + "1801", // 8 load_balancing: routing_preference 1, mode 2, health_policy 3
            "4802", // 9 ip_families
            "5801", // 11 canonical
            "6001", // 12 ingress_use_waypoint
            "6A0E" + "0A0A" + "0A060A0161120162" + "1801" + "1005", // 13 weighted_waypoints: destination 1, weight 2
            "7001"); // 14 visibility
        Assert.Equal(expected, Convert.ToHexString(ServiceCodec.ToProto(service).ToByteArray()));
    }

    public static TheoryData<string, Action<Proto.Service>> Bad => new()
    {
        { "name", s => s.Name = "" },
        { "hostname", s => s.Hostname = "" },
        { "addresses[0].length", s => s.Addresses[0].Length = 33 },
        { "addresses[0].address", s => s.Addresses[0].Address = ByteString.Empty },
        { "ports[0].service_port", s => s.Ports[0].ServicePort = 65536 },
        { "visibility", s => s.Visibility = (Proto.Visibility)2 },
        { "ip_families", s => s.IpFamilies = (Proto.IPFamilies)4 },
        { "load_balancing.mode", s => s.LoadBalancing = new() { Mode = (Proto.LoadBalancing.Types.Mode)4 } },
        { "load_balancing.routing_preference[0]", s => s.LoadBalancing = new() { RoutingPreference = { (Proto.LoadBalancing.Types.Scope)7 } } },
        { "load_balancing.health_policy", s => s.LoadBalancing = new() { HealthPolicy = (Proto.LoadBalancing.Types.HealthPolicy)2 } },
        { "weighted_waypoints[0].destination", s => s.WeightedWaypoints.Add(new Proto.WeightedWaypoint { Weight = 1 }) },
    };

    [Theory]
    [MemberData(nameof(Bad), DisableDiscoveryEnumeration = true)]
    public void FromProto_BadField_NamesIt(string field, Action<Proto.Service> spoil)
    {
        Proto.Service proto = ServiceCodec.ToProto(Mesh.Service());
        spoil(proto);
        Assert.Equal(field, Assert.Throws<CodecException>(() => ServiceCodec.FromProto(proto)).Field);
    }

    private static MeshService Again(MeshService service) =>
        ServiceCodec.FromProto(Proto.Service.Parser.ParseFrom(ServiceCodec.ToProto(service).ToByteArray()));
}
