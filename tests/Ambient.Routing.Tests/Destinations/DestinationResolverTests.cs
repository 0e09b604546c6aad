using System.Net;
using Ambient.Core;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Routing.Destinations;
using static Ambient.Routing.Tests.Mesh;

namespace Ambient.Routing.Tests.Destinations;

public class DestinationResolverTests
{
    private static readonly MeshService Orders = Service("orders");
    private static readonly MeshService Waypoint = Service("waypoint", "10.96.0.9", 15008);
    private static readonly Workload Pod1 = Pod("shop", "orders-1", "10.9.0.5").Serving(Orders);
    private static readonly Workload WaypointPod = Pod("shop", "waypoint-1", "10.9.0.9").Serving(Waypoint, 15008, 15008);

    [Fact]
    public void Resolve_MeshedWorkload_TunnelsToIt()
    {
        var tunnel = Assert.IsType<Resolution.Tunnel>(Resolve("10.9.0.5:1234", Client, Pod1, Orders));

        Assert.Equal("10.9.0.5:15008", tunnel.GatewayAddress.ToString());
        Assert.Equal("10.9.0.5:1234", tunnel.Authority);
        Assert.Equal(["spiffe://cluster.local/ns/shop/sa/orders-1"], tunnel.Expected.Select(id => id.ToString()));
        Assert.Null(tunnel.Service);
        Assert.False(tunnel.ViaWaypoint);
    }

    [Fact]
    public void Resolve_IPv6Workload_HasABracketedAuthority()
    {
        var tunnel = Assert.IsType<Resolution.Tunnel>(Resolve("[fd00::5]:80", Client, Pod("shop", "six", "fd00::5")));

        Assert.Equal("[fd00::5]:80", tunnel.Authority);
        Assert.Equal("[fd00::5]:15008", tunnel.GatewayAddress.ToString());
    }

    [Fact]
    public void Resolve_MappedDestination_IsTheIPv4One()
    {
        var tunnel = Assert.IsType<Resolution.Tunnel>(Resolve("[::ffff:10.9.0.5]:80", Client, Pod1));

        Assert.Equal("10.9.0.5:80", tunnel.Authority);
    }

    [Fact]
    public void Resolve_WorkloadOutsideTheMesh_GoesPlain()
    {
        var direct = Assert.IsType<Resolution.Direct>(
            Resolve("10.9.0.5:80", Client, Pod1 with { TunnelProtocol = TunnelProtocol.None }));

        Assert.Equal("10.9.0.5:80", direct.Address.ToString());
        Assert.Equal(Pod1.Uid, direct.Endpoint?.Uid);
    }

    [Fact]
    public void Resolve_UnknownAddress_PassesThroughOnlyWhenAllowed()
    {
        Assert.Equal("8.8.8.8:53", Assert.IsType<Resolution.Direct>(Resolve("8.8.8.8:53", Client)).Address.ToString());

        var refused = Assert.IsType<Resolution.Refused>(
            Resolve("8.8.8.8:53", Client, new MeshSettings { AllowUnknownOutbound = false }));
        Assert.Equal(RefusalCodes.UnknownOutbound, refused.Code);
    }

    [Fact]
    public void Resolve_Service_TunnelsToAnEndpointByItsTargetPort()
    {
        var tunnel = Assert.IsType<Resolution.Tunnel>(Resolve("10.96.0.1:80", Client, Pod1, Orders));

        Assert.Equal("10.9.0.5:8080", tunnel.Authority);
        Assert.Equal(Orders.Key, tunnel.Service?.Key);
        Assert.Equal(Pod1.Uid, tunnel.Endpoint?.Uid);
    }

    [Fact]
    public void Resolve_ServiceWithAlternativeNames_ExpectsTheSpiffeOnesToo()
    {
        MeshService named = Orders with { SubjectAltNames = ["spiffe://cluster.local/ns/shop/sa/alt", "dns.example"] };

        var tunnel = Assert.IsType<Resolution.Tunnel>(Resolve("10.96.0.1:80", Client, Pod1, named));

        Assert.Equal(["orders-1", "alt"], tunnel.Expected.Select(id => id.ServiceAccount));
    }

    // Rows: the endpoint's mapping, the service's mapping, the port that is dialled at the endpoint.
    [Theory]
    [InlineData(8080, 9090, 8080)]
    [InlineData(0, 9090, 9090)]
    [InlineData(0, 0, 80)]
    public void Resolve_TargetPort_EndpointThenServiceThenSame(int endpoint, int service, int expected)
    {
        MeshService mapped = Orders with { Ports = [new ServicePort(80, service)] };

        var tunnel = Assert.IsType<Resolution.Tunnel>(
            Resolve("10.96.0.1:80", Client, Pod1.Serving(Orders, 80, endpoint), mapped));

        Assert.Equal($"10.9.0.5:{expected}", tunnel.Authority);
    }

    [Fact]
    public void Resolve_ServiceAndWorkloadAtOneAddress_TheWorkloadIsMeant()
    {
        MeshService shadow = Service("shadow", "10.9.0.5");

        Assert.Null(Assert.IsType<Resolution.Tunnel>(Resolve("10.9.0.5:80", Client, Pod1, Orders, shadow)).Service);
    }

    [Fact]
    public void Resolve_Headless_IsAWorkloadAddress()
    {
        MeshService headless = Service("db", "");

        var tunnel = Assert.IsType<Resolution.Tunnel>(Resolve("10.9.0.5:5432", Client, Pod1.Serving(headless), headless));

        Assert.Equal("10.9.0.5:5432", tunnel.Authority);
    }

    [Fact]
    public void Resolve_EndpointKnownByName_LeavesTheNameToWhoeverConnects()
    {
        var named = Assert.IsType<Resolution.Named>(Resolve("10.96.0.1:80", Client, Orders, Pod1 with { Addresses = [], Hostname = "db.example", TunnelProtocol = TunnelProtocol.None }));

        Assert.Equal(("db.example", 8080), (named.Hostname, named.Port));
    }

    [Theory]
    [InlineData("no endpoints", "10.96.0.1:80", RefusalCodes.NoHealthyEndpoint)]
    [InlineData("unhealthy", "10.96.0.1:80", RefusalCodes.NoHealthyEndpoint)]
    [InlineData("no capacity", "10.96.0.1:80", RefusalCodes.NoHealthyEndpoint)]
    [InlineData("no address", "10.96.0.1:80", RefusalCodes.NoHealthyEndpoint)]
    [InlineData("other network", "10.96.0.1:80", RefusalCodes.OtherNetwork)]
    [InlineData("healthy", "10.96.0.1:81", RefusalCodes.NoSuchPort)]
    [InlineData("no endpoints", "10.96.0.1:81", RefusalCodes.NoSuchPort)]
    public void Resolve_ServiceThatCannotBeReached_IsRefusedWithTheReason(string state, string destination, string code)
    {
        Workload[] endpoints = state switch
        {
            "no endpoints" => [],
            "unhealthy" => [Pod1 with { Health = WorkloadHealth.Unhealthy }],
            "no capacity" => [Pod1 with { Capacity = 0 }],
            "no address" => [Pod1 with { Addresses = [], Hostname = "*.example" }],
            "other network" => [Pod1 with { Network = "far" }],
            _ => [Pod1],
        };

        var refused = Assert.IsType<Resolution.Refused>(Resolve(destination, Client, [Orders, .. endpoints]));

        Assert.Equal(code, refused.Code);
        Assert.Contains(Orders.Key, refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_UnhealthyAllowed_IsTaken()
    {
        MeshService all = Orders with { Balancing = Balancing.Default with { AllowUnhealthy = true } };

        Assert.IsType<Resolution.Tunnel>(Resolve("10.96.0.1:80", Client, all, Pod1 with { Health = WorkloadHealth.Unhealthy }));
    }

    [Fact]
    public void Resolve_PassthroughService_GoesWhereItWasDialled()
    {
        MeshService passthrough = Orders with { Balancing = new Balancing([], BalancingMode.Passthrough, false) };

        Assert.Equal("10.96.0.1:80", Assert.IsType<Resolution.Direct>(Resolve("10.96.0.1:80", Client, Pod1, passthrough)).Address.ToString());
    }

    [Fact]
    public void Resolve_InvisibleService_IsAsIfNotThere()
    {
        MeshService hidden = Orders with { Visibility = ServiceVisibility.Namespace };

        Assert.Null(Assert.IsType<Resolution.Direct>(Resolve("10.96.0.1:80", Client, Pod1, hidden)).Service);
    }

    [Fact]
    public void Resolve_ServiceWithWaypoint_TunnelsToTheWaypointForTheVip()
    {
        var tunnel = Assert.IsType<Resolution.Tunnel>(
            Resolve("10.96.0.1:80", Client, Pod1, Orders with { Waypoint = At(Waypoint) }, Waypoint, WaypointPod));

        Assert.True(tunnel.ViaWaypoint);
        Assert.Equal("10.96.0.1:80", tunnel.Authority);
        Assert.Equal("10.9.0.9:15008", tunnel.GatewayAddress.ToString());
        Assert.Equal(["waypoint-1"], tunnel.Expected.Select(id => id.ServiceAccount));
        Assert.Equal(Orders.Key, tunnel.Service?.Key);
    }

    [Fact]
    public void Resolve_WaypointServiceThatDoesNotListItsPort_IsReachedByIt()
    {
        MeshService unlisted = Service("waypoint", "10.96.0.9", 80);
        Workload pod = Pod("shop", "waypoint-1", "10.9.0.9").Serving(unlisted);

        var tunnel = Assert.IsType<Resolution.Tunnel>(
            Resolve("10.96.0.1:80", Client, Pod1, Orders with { Waypoint = At(unlisted) }, unlisted, pod));

        Assert.Equal("10.9.0.9:15008", tunnel.GatewayAddress.ToString());
    }

    [Theory]
    [InlineData("10.96.0.9")]
    [InlineData("10.9.0.9")]
    public void Resolve_WaypointByAddress_IsFoundAsServiceOrWorkload(string address)
    {
        GatewayAddress at = new(null, new NetworkAddress("", IPAddress.Parse(address)), 15008);

        var tunnel = Assert.IsType<Resolution.Tunnel>(
            Resolve("10.96.0.1:80", Client, Pod1, Orders with { Waypoint = at }, Waypoint, WaypointPod));

        Assert.Equal("10.9.0.9:15008", tunnel.GatewayAddress.ToString());
    }

    [Theory]
    [InlineData("no service")]
    [InlineData("no pod")]
    [InlineData("not ready")]
    [InlineData("no such address")]
    public void Resolve_WaypointNotReady_IsRefusedNeverBypassed(string state)
    {
        GatewayAddress at = state == "no such address"
            ? new GatewayAddress(null, new NetworkAddress("", IPAddress.Parse("10.96.7.7")), 15008)
            : At(Waypoint);
        object[] waypoint = state switch
        {
            "no pod" => [Waypoint],
            "not ready" => [Waypoint, WaypointPod with { Health = WorkloadHealth.Unhealthy }],
            _ => [],
        };

        var service = Assert.IsType<Resolution.Refused>(
            Resolve("10.96.0.1:80", Client, [Pod1, Orders with { Waypoint = at }, .. waypoint]));
        var workload = Assert.IsType<Resolution.Refused>(
            Resolve("10.9.0.5:80", Client, [Pod1 with { Waypoint = at }, Orders, .. waypoint]));

        Assert.Equal(RefusalCodes.WaypointMissing, service.Code);
        Assert.Equal(RefusalCodes.WaypointMissing, workload.Code);
    }

    [Fact]
    public void Resolve_WorkloadAddressed_IgnoresTheServicesWaypointAndTakesItsOwn()
    {
        MeshService bound = Orders with { Waypoint = At(Waypoint) };

        Assert.False(Assert.IsType<Resolution.Tunnel>(Resolve("10.9.0.5:80", Client, Pod1, bound, Waypoint, WaypointPod)).ViaWaypoint);

        var own = Assert.IsType<Resolution.Tunnel>(
            Resolve("10.9.0.5:80", Client, Pod1 with { Waypoint = At(Waypoint) }, Orders, Waypoint, WaypointPod));
        Assert.True(own.ViaWaypoint);
        Assert.Equal("10.9.0.5:80", own.Authority);
    }

    [Fact]
    public void Resolve_ServiceAddressed_IgnoresTheWorkloadsWaypoint() => Assert.False(Assert.IsType<Resolution.Tunnel>(
        Resolve("10.96.0.1:80", Client, Pod1 with { Waypoint = At(Waypoint) }, Orders, Waypoint, WaypointPod)).ViaWaypoint);

    [Fact]
    public void Resolve_FromTheWaypointItself_GoesOnToTheDestination()
    {
        MeshService bound = Orders with { Waypoint = At(Waypoint) };
        Workload boundPod = Pod1 with { Waypoint = At(Waypoint) };

        Assert.Equal("10.9.0.5:8080", Assert.IsType<Resolution.Tunnel>(Resolve("10.96.0.1:80", WaypointPod, boundPod, bound, Waypoint)).Authority);
        Assert.False(Assert.IsType<Resolution.Tunnel>(Resolve("10.9.0.5:80", WaypointPod, boundPod, bound, Waypoint)).ViaWaypoint);
    }

    [Fact]
    public void Resolve_WeightedWaypoints_AreTakenByTheirWeight()
    {
        MeshService canary = Service("canary", "10.96.0.10", 15008);
        Workload canaryPod = Pod("shop", "canary-1", "10.9.0.10").Serving(canary, 15008, 15008);
        MeshService bound = Orders with { WeightedWaypoints = [new(At(Waypoint), 90), new(At(canary), 10)] };
        MeshSnapshot mesh = Of(Client, Pod1, bound, Waypoint, WaypointPod, canary, canaryPod);
        EndpointPicker picker = new(new Random(3));

        int canaries = Enumerable.Range(0, 2000).Count(_ =>
            DestinationResolver.Resolve(mesh, Client, IPEndPoint.Parse("10.96.0.1:80"), picker)
                is Resolution.Tunnel { Endpoint.Name: "canary-1" });

        Assert.InRange(canaries, 120, 280);
    }

    [Theory]
    [InlineData("none", "waypoint-1")] // not there: the first has all
    [InlineData("not ready", "waypoint-1")]
    [InlineData("ready", "canary-1")]
    public void Resolve_CanaryWithAllOfTheShare_ThatIsNotReady_LeavesItToTheFirst(string state, string expected)
    {
        MeshService canary = Service("canary", "10.96.0.10", 15008);
        Workload pod = Pod("shop", "canary-1", "10.9.0.10").Serving(canary, 15008, 15008);
        MeshService bound = Orders with { Waypoint = At(Waypoint), WeightedWaypoints = [new(At(Waypoint), 0), new(At(canary), 100)] };
        object[] parts = state switch
        {
            "none" => [],
            "ready" => [canary, pod],
            _ => [canary, pod with { Health = WorkloadHealth.Unhealthy }],
        };

        var tunnel = Assert.IsType<Resolution.Tunnel>(Resolve("10.96.0.1:80", Client, [Pod1, bound, Waypoint, WaypointPod, .. parts]));
        Assert.Equal(expected, tunnel.Endpoint!.Name);
        // The first one is never left out because a canary is there.
        var refused = Assert.IsType<Resolution.Refused>(Resolve(
            "10.96.0.1:80", Client, Pod1, Waypoint, canary, pod, bound with { WeightedWaypoints = [new(At(Waypoint), 100), new(At(canary), 0)] }));
        Assert.Equal(RefusalCodes.WaypointMissing, refused.Code);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public void Resolve_FromAWaypointOfTheSet_GoesOnToTheDestinationWhateverItsShare(uint canaryShare)
    {
        MeshService canary = Service("canary", "10.96.0.10", 15008);
        Workload pod = Pod("shop", "canary-1", "10.9.0.10").Serving(canary, 15008, 15008);
        MeshService bound = Orders with { Waypoint = At(Waypoint), WeightedWaypoints = [new(At(Waypoint), 100 - canaryShare), new(At(canary), canaryShare)] };

        Assert.False(Assert.IsType<Resolution.Tunnel>(Resolve("10.96.0.1:80", WaypointPod, Pod1, bound, Waypoint, canary, pod)).ViaWaypoint);
        Assert.False(Assert.IsType<Resolution.Tunnel>(Resolve("10.96.0.1:80", pod, Pod1, bound, Waypoint, WaypointPod, canary)).ViaWaypoint);
    }

    [Theory]
    [InlineData("127.0.0.1:15001")]
    [InlineData("127.0.0.1:15006")]
    [InlineData("[::1]:15008")]
    [InlineData("10.1.0.1:15001")]
    [InlineData("10.1.0.1:15008")]
    [InlineData("[::ffff:127.0.0.1]:15008")]
    public void Resolve_OwnProxyPort_IsRefused(string destination) =>
        Assert.Equal(RefusalCodes.Loop, Assert.IsType<Resolution.Refused>(Resolve(destination, Client)).Code);

    [Fact]
    public void Resolve_DualStackEndpoint_KeepsTheFamilyThatWasAskedWith()
    {
        Workload dual = Pod1 with { Addresses = [IPAddress.Parse("10.9.0.5"), IPAddress.Parse("fd00::5")] };
        MeshService service = Orders with
        {
            Addresses = [new ServiceAddress("", IPAddress.Parse("10.96.0.1")), new ServiceAddress("", IPAddress.Parse("fd00:96::1"))],
        };

        Assert.Equal("[fd00::5]:8080", Assert.IsType<Resolution.Tunnel>(Resolve("[fd00:96::1]:80", Client, dual, service)).Authority);
        Assert.Equal("10.9.0.5:8080", Assert.IsType<Resolution.Tunnel>(Resolve("10.96.0.1:80", Client, dual, service)).Authority);
    }

    private static Resolution Resolve(string destination, Workload source, params object[] parts) => DestinationResolver.Resolve(
        Of([.. parts.Where(p => p is not Workload w || w.Uid != source.Uid), source]),
        source,
        IPEndPoint.Parse(destination),
        new EndpointPicker(new Random(1)));
}
