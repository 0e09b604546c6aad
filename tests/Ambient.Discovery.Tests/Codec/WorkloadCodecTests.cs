using System.Collections.Immutable;
using System.Net;
using Ambient.Core;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Discovery.Codec;
using Google.Protobuf;
using Proto = Istio.Workload;

namespace Ambient.Discovery.Tests.Codec;

public sealed class WorkloadCodecTests
{
    private static Workload Full => new()
    {
        Uid = "Kubernetes//Pod/shop/orders-1",
        Name = "orders-1",
        Namespace = "shop",
        Addresses = [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("fd00::1")],
        Hostname = "orders.example",
        Network = "net-1",
        TunnelProtocol = TunnelProtocol.Hbone,
        TrustDomain = "example.org",
        ServiceAccount = "orders",
        Waypoint = new GatewayAddress(new NamespacedName("shop", "waypoint.shop.svc.cluster.local"), null, 15008),
        NetworkGateway = new GatewayAddress(null, new NetworkAddress("net-2", IPAddress.Parse("192.0.2.1")), 15009),
        Node = "node-1",
        CanonicalName = "orders",
        CanonicalRevision = "v2",
        Kind = WorkloadKind.Deployment,
        WorkloadName = "orders",
        NativeTunnel = true,
        ApplicationTunnel = new ApplicationTunnel(true, 8443),
        Services = ImmutableDictionary<string, ImmutableArray<ServicePort>>.Empty.Add("shop/orders", [new(80, 8080, AppProtocol.Grpc)]),
        AuthorizationPolicies = ["shop/a", "shop/b"],
        StrictOrigin = new Ambient.Core.Policies.PolicyOrigin("PeerAuthentication", "shop", "default"),
        Health = WorkloadHealth.Unhealthy,
        ClusterId = "west",
        Locality = new Locality("r", "z", "s"),
        NetworkMode = NetworkMode.HostNetwork,
        Capacity = 7,
    };

    [Fact]
    public void RoundTrip_EveryFieldSet_ComesBack() => Same.Content(Full, Again(Full));

    [Fact]
    public void RoundTrip_OnlyRequired_ComesBack()
    {
        var least = new Workload { Uid = "u", Name = "n", Namespace = "ns" };
        Same.Content(least, Again(least));
    }

    // Each pair is what protoc's own table says: (field number << 3 | wire type), then the value.
    [Theory]
    [InlineData("uid", "A20101" + "75")]
    [InlineData("name", "0A01" + "6E")]
    [InlineData("namespace", "1202" + "6E73")]
    [InlineData("tunnel_protocol", "2801")]
    [InlineData("status", "8801" + "01")]
    [InlineData("node", "4A04" + "6E6F6465")]
    [InlineData("workload_type", "6002")]
    [InlineData("capacity", "DA0102" + "0803")]
    [InlineData("network_mode", "C80101")]
    [InlineData("application_tunnel", "BA0105" + "080110" + "901C")]
    public void ToProto_KnownValue_HasTheNumbersOnTheWire(string field, string hex)
    {
        var workload = new Workload
        {
            Uid = "u",
            Name = "n",
            Namespace = "ns",
            TunnelProtocol = TunnelProtocol.Hbone,
            Health = WorkloadHealth.Unhealthy,
            Node = "node",
            Capacity = 3,
            NetworkMode = NetworkMode.HostNetwork,
            ApplicationTunnel = new ApplicationTunnel(true, 3600),
        };
        string bytes = Convert.ToHexString(WorkloadCodec.ToProto(workload).ToByteArray());
        Assert.True(bytes.Contains(hex, StringComparison.Ordinal), $"{field} in {bytes}");
    }

    [Fact]
    public void ToProto_WholeMessage_IsByteForByteThis()
    {
        var workload = new Workload
        {
            Uid = "k//Pod/a/b",
            Name = "b",
            Namespace = "a",
            Addresses = [IPAddress.Parse("10.1.2.3")],
            TunnelProtocol = TunnelProtocol.Hbone,
            ServiceAccount = "sa",
            Waypoint = new GatewayAddress(null, new NetworkAddress("", IPAddress.Parse("10.96.0.9")), 15008),
            Services = ImmutableDictionary<string, ImmutableArray<ServicePort>>.Empty.Add("a/h", [new(80, 8080)]),
            AuthorizationPolicies = ["a/p"],
        };
        string expected = string.Concat(
            "0A0162", // 1 name
            "120161", // 2 namespace
            "1A040A010203", // 3 addresses
            "2801", // 5 tunnel_protocol
            "320D" + Hex("cluster.local"), // 6 trust_domain
            "3A027361", // 7 service_account
            "420B" + "1206" + "12040A600009" + "18A075", // 8 waypoint: address 2 {address 2}, hbone_mtls_port 3
            "6002", // 12 workload_type
            "820103" + Hex("a/p"), // 16 authorization_policies
            "92010A" + Hex("Kubernetes"), // 18 cluster_id
            "A2010A" + Hex("k//Pod/a/b"), // 20 uid
            "B2010E" + "0A03" + Hex("a/h") + "1207" + "0A05" + "0850" + "10903F"); // 22 services: key 1, value 2 {ports 1 {service_port 1, target_port 2}}
        Assert.Equal(expected, Convert.ToHexString(WorkloadCodec.ToProto(workload).ToByteArray()));
    }

    [Fact]
    public void ToProto_ServicesInAnyOrder_SameBytes()
    {
        var ports = ImmutableArray.Create(new ServicePort(80, 80));
        var names = Enumerable.Range(0, 50).Select(i => $"ns/h{i}").ToArray();
        Workload forward = new Workload { Uid = "u", Name = "n", Namespace = "ns", Services = names.ToImmutableDictionary(n => n, _ => ports) };
        Workload backward = forward with { Services = names.Reverse().ToImmutableDictionary(n => n, _ => ports) };
        Assert.Equal(WorkloadCodec.ToProto(forward).ToByteArray(), WorkloadCodec.ToProto(backward).ToByteArray());
    }

    [Fact]
    public void FromProto_EmptyDefaults_AreFilled()
    {
        Workload workload = WorkloadCodec.FromProto(new Proto.Workload { Uid = "u", Name = "n", Namespace = "ns" });
        Assert.Equal(("cluster.local", "default", "Kubernetes", 1u), (workload.TrustDomain, workload.ServiceAccount, workload.ClusterId, workload.Capacity));
        Assert.Equal(0u, WorkloadCodec.FromProto(new Proto.Workload { Uid = "u", Name = "n", Namespace = "ns", Capacity = 0 }).Capacity);
    }

    public static TheoryData<string, Action<Proto.Workload>> Bad => new()
    {
        { "uid", w => w.Uid = "" },
        { "name", w => w.Name = "" },
        { "namespace", w => w.Namespace = "" },
        { "addresses[1]", w => w.Addresses.Add([ByteString.CopyFrom(1, 2, 3, 4), ByteString.CopyFrom(1, 2, 3)]) },
        { "tunnel_protocol", w => w.TunnelProtocol = Proto.TunnelProtocol.LegacyIstioMtls },
        { "tunnel_protocol", w => w.TunnelProtocol = (Proto.TunnelProtocol)9 },
        { "trust_domain", w => w.TrustDomain = "Not A Domain" },
        { "service_account", w => w.ServiceAccount = "a/b" },
        { "waypoint", w => w.Waypoint = new() { HboneMtlsPort = 15008 } },
        { "waypoint.hbone_mtls_port", w => w.Waypoint = new() { Hostname = new() { Namespace = "a", Hostname = "b" } } },
        { "waypoint.address.address", w => w.Waypoint = new() { Address = new(), HboneMtlsPort = 1 } },
        { "waypoint.address.length", w => w.Waypoint = new() { Address = new() { Address = ByteString.CopyFrom(1, 2, 3, 4), Length = 8 }, HboneMtlsPort = 1 } },
        { "network_gateway.hostname.namespace", w => w.NetworkGateway = new() { Hostname = new() { Hostname = "b" }, HboneMtlsPort = 1 } },
        { "workload_type", w => w.WorkloadType = (Proto.WorkloadType)77 },
        { "status", w => w.Status = (Proto.WorkloadStatus)2 },
        { "network_mode", w => w.NetworkMode = (Proto.NetworkMode)(-1) },
        { "application_tunnel.protocol", w => w.ApplicationTunnel = new() { Protocol = (Proto.ApplicationTunnel.Types.Protocol)5 } },
        { "application_tunnel.port", w => w.ApplicationTunnel = new() { Port = 65536 } },
        { "services[a/b].ports[0].service_port", w => w.Services.Add("a/b", new Proto.PortList { Ports = { new Proto.Port { TargetPort = 1 } } }) },
        { "services[a/b].ports[0].target_port", w => w.Services.Add("a/b", new Proto.PortList { Ports = { new Proto.Port { ServicePort = 1, TargetPort = 70000 } } }) },
        { "services[a/b].ports[0].app_protocol", w => w.Services.Add("a/b", new Proto.PortList { Ports = { new Proto.Port { ServicePort = 1, AppProtocol = (Proto.AppProtocol)6 } } }) },
        { "authorization_policies[0]", w => w.AuthorizationPolicies.Add("") },
    };

    [Theory]
    [MemberData(nameof(Bad), DisableDiscoveryEnumeration = true)]
    public void FromProto_BadField_NamesIt(string field, Action<Proto.Workload> spoil)
    {
        Proto.Workload proto = WorkloadCodec.ToProto(new Workload { Uid = "u", Name = "n", Namespace = "ns" });
        spoil(proto);
        Assert.Equal(field, Assert.Throws<CodecException>(() => WorkloadCodec.FromProto(proto)).Field);
    }

    private static Workload Again(Workload workload) =>
        WorkloadCodec.FromProto(Proto.Workload.Parser.ParseFrom(WorkloadCodec.ToProto(workload).ToByteArray()));

    private static string Hex(string text) => Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(text));
}
