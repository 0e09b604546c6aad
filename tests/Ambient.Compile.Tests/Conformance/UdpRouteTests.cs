using Ambient.Core.Gateways;

namespace Ambient.Compile.Tests.Conformance;

/// <summary>UDPRoute at a Gateway: listeners, backends, statuses.</summary>
public sealed class UdpRouteTests
{
    private const string Services = """
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: dns, namespace: gateway-conformance-infra }
        spec: { selector: { app: dns }, ports: [{ name: udp, port: 53, protocol: UDP, targetPort: 5353 }, { name: tcp, port: 53, protocol: TCP }, { name: same, port: 54, protocol: UDP }, { name: named, port: 55, protocol: UDP, targetPort: dns }] }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: dns, namespace: other }
        spec: { selector: { app: dns }, ports: [{ port: 53, protocol: UDP }] }
        """;

    private const string Listeners = "{ name: udp, port: 53, protocol: UDP, %all }, { name: tcp, port: 53, protocol: TCP, %all }, { name: again, port: 53, protocol: UDP }";

    [Theory]
    [InlineData("{ name: dns, port: 53 }", "True ResolvedRefs", "5353")]
    [InlineData("{ name: dns, port: 54 }", "True ResolvedRefs", "54")]
    [InlineData("{ name: dns, port: 53, weight: 3 }, { name: dns, port: 54 }", "True ResolvedRefs", "5353=3 54=1")]
    [InlineData("{ name: dns, port: 55 }", "False BackendNotFound", "500")]
    [InlineData("{ name: dns, port: 80 }", "False BackendNotFound", "500")]
    [InlineData("{ name: none, port: 53 }", "False BackendNotFound", "500")]
    [InlineData("{ name: infra-backend-v1, port: 8080 }", "False BackendNotFound", "500")]
    [InlineData("{ name: dns, namespace: other, port: 53 }", "False RefNotPermitted", "500")]
    [InlineData("{ name: dns.example, kind: Hostname, group: networking.istio.io, port: 53 }", "False InvalidKind", "500")]
    [InlineData("{ name: dns, kind: Bucket, group: example.com, port: 53 }", "False InvalidKind", "500")]
    public void Backend_OfDatagrams_IsAUdpPortOfAService(string backends, string resolved, string targets)
    {
        var world = new GatewayWorld(Services, GatewayWorld.GatewayOf(Listeners), GatewayWorld.Route($"{{ backendRefs: [{backends}] }}", kind: "UDPRoute"));

        Assert.Equal(("True Accepted", resolved), (world.Condition("route", "Accepted"), world.Condition("route", "ResolvedRefs")));
        Assert.Equal(targets, Targets(world));
    }

    [Fact]
    public void Backend_OfAnotherNamespace_NeedsAGrantForUdpRoutes()
    {
        const string grant = """
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: ReferenceGrant
            metadata: { name: g, namespace: other }
            spec: { from: [{ group: gateway.networking.k8s.io, kind: UDPRoute, namespace: gateway-conformance-infra }], to: [{ group: '', kind: Service }] }
            """;
        var world = new GatewayWorld(Services, grant, GatewayWorld.GatewayOf(Listeners), GatewayWorld.Route("{ backendRefs: [{ name: dns, namespace: other, port: 53 }] }", kind: "UDPRoute"));

        Assert.Equal("True ResolvedRefs", world.Condition("route", "ResolvedRefs"));
        Assert.Equal("53", Targets(world));
    }

    [Fact]
    public void Port_ForBothProtocols_HasAListenerOfEach_AndOneOfEach()
    {
        var world = new GatewayWorld(
            Services, GatewayWorld.GatewayOf(Listeners),
            GatewayWorld.Route("{ backendRefs: [{ name: dns, port: 54 }] }", "young", kind: "UDPRoute", created: "2026-01-02T00:00:00Z"),
            GatewayWorld.Route("{ backendRefs: [{ name: dns, port: 53 }] }", "old", kind: "UDPRoute"),
            GatewayWorld.Route("{ backendRefs: [{ name: dns, port: 53 }] }", "tcp", kind: "TCPRoute", parents: "{ name: gw, sectionName: tcp }"),
            GatewayWorld.Route("{ backendRefs: [{ name: dns, port: 53 }] }", "wrong", kind: "UDPRoute", parents: "{ name: gw, sectionName: tcp }"));

        Assert.Equal([("udp", 53, ListenerProtocol.Udp), ("tcp", 53, ListenerProtocol.Tcp)], Assert.Single(world.Result.Gateways, g => g.Name == GatewayWorld.Gateway).Listeners.Select(l => (l.Name, l.Port, l.Protocol)));
        Assert.Equal("True HostnameConflict", world.Listener("again").Conditions.Single(c => c.Type == "Conflicted") is var c ? $"{c.Status} {c.Reason}" : "");
        Assert.Equal("gateway.networking.k8s.io/UDPRoute", Assert.Single(world.Listener("udp").SupportedKinds));
        Assert.Equal((2, 1), (world.Listener("udp").AttachedRoutes, world.Listener("tcp").AttachedRoutes));
        Assert.Equal("dns", world.Connect(53));
        Assert.Equal("5353", Targets(world));
        Assert.Equal(("True Accepted", "True Accepted", "False NotAllowedByListeners"), (world.Condition("old", "Accepted"), world.Condition("young", "Accepted"), world.Condition("wrong", "Accepted")));
    }

    [Fact]
    public void Route_ToAService_IsNotAcceptedAndLeavesOthersAlone()
    {
        var world = new GatewayWorld(
            Services, GatewayWorld.Route("{ backendRefs: [{ name: dns, port: 53 }] }", "datagrams", kind: "UDPRoute", parents: "{ group: '', kind: Service, name: dns }"),
            GatewayWorld.Route("{ backendRefs: [{ name: dns, port: 53 }] }", "bytes", kind: "TCPRoute", parents: "{ group: '', kind: Service, name: dns }"));

        Assert.Equal("False UnsupportedValue", world.Condition("datagrams", "Accepted"));
        Assert.Equal("True Accepted", world.Condition("bytes", "Accepted"));
        Assert.All(world.Result.Tables.SelectMany(t => t.Tcp), rule => Assert.Equal("TCPRoute", rule.Origin.Kind));
    }

    [Fact]
    public void Listener_OfAWaypointOrAnEastWestGateway_TakesNoDatagrams()
    {
        foreach (string @class in (string[])["ambient-waypoint", "ambient-east-west"])
        {
            var world = new GatewayWorld(GatewayWorld.GatewayOf("{ name: udp, port: 53, protocol: UDP }", @class));
            Assert.Equal("UnsupportedProtocol", world.Listener("udp").Conditions.Single(c => c.Type == "Accepted").Reason);
        }
    }

    /// <summary>Ports at the pods, with shares where there are several.</summary>
    private static string Targets(GatewayWorld world)
    {
        var backends = Assert.Single(world.Result.Tables, t => t.Listener == "udp").Tcp[0].Backends;
        string One(Ambient.Core.Routes.WeightedBackend b) => b.Invalid is { } invalid ? $"{invalid.Status}" : $"{b.Target.Port}";
        return backends.Length == 1 ? One(backends[0]) : string.Join(' ', backends.Select(b => $"{One(b)}={b.Weight}"));
    }
}
