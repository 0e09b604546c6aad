using System.Collections.Immutable;
using System.Net;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Routing.Endpoints;

namespace Ambient.Routing.Tests.Endpoints;

public sealed class EndpointPlanTests
{
    private static readonly MeshService Service = new()
    {
        Name = "orders",
        Namespace = "shop",
        Hostname = "orders.shop",
        Ports = [new ServicePort(80, 8080)],
    };

    private static readonly Workload Self = Endpoint("self") with { Locality = new Locality("r1", "z1", "s1") };

    [Fact]
    public void Of_EndpointsThatCannotBeAsked_AreLeftOutEachWithItsReason()
    {
        EndpointPlan plan = Of(
            TrafficPolicy.Default,
            subset: new Subset { Name = "v1", Labels = Labels("version=v1") },
            Endpoint("a", "version=v1"),
            Endpoint("b", "version=v2"),
            Endpoint("c", "version=v1") with { Network = "other" },
            Endpoint("d", "version=v1") with { Addresses = [] },
            Endpoint("e", "version=v1") with { Capacity = 0 },
            Endpoint("f", "version=v1") with { Services = ImmutableDictionary<string, ImmutableArray<ServicePort>>.Empty },
            Endpoint("g", "version=v1") with { Health = WorkloadHealth.Unhealthy });

        Assert.Equal(
            ["fit", "not in subset v1", "in another network", "without an address", "with weight 0", "without port 80", "fit"],
            plan.Endpoints.Select(e => e.Why));
        Assert.Equal(["a", "g"], Assert.Single(plan.Groups).Endpoints.Select(e => e.Workload.Uid));
        Assert.False(plan.Groups[0].Endpoints[1].Healthy);
        Assert.Equal(8080, plan.Endpoints[0].TargetPort);
    }

    [Fact]
    public void Of_FailoverWithOutlierDetection_GroupsByNearness()
    {
        TrafficPolicy policy = new()
        {
            LoadBalancer = new LoadBalancer { Locality = new LocalityPolicy { Failover = [new RegionFailover("r1", "r3")] } },
            OutlierDetection = new OutlierDetection(),
        };
        Workload[] endpoints = [At("a", "r3/z/s"), At("b", "r2/z/s"), At("c", "r1/z1/s1"), At("d", "r1/z1/s2"), At("e", "r1/z2/s1")];

        Assert.Equal(["c", "d", "e", "a", "b"], Of(policy, null, endpoints).Groups.Select(g => Assert.Single(g.Endpoints).Workload.Uid));
        Assert.Single(Of(policy with { OutlierDetection = null }, null, endpoints).Groups);
    }

    [Fact]
    public void Of_FailoverPriority_GroupsByLeadingLabelsShared()
    {
        TrafficPolicy policy = new()
        {
            LoadBalancer = new LoadBalancer { Locality = new LocalityPolicy { FailoverPriority = ["version=v2", "tier=a"] } },
            OutlierDetection = new OutlierDetection(),
        };

        EndpointPlan plan = Of(policy, null, Endpoint("a", "version=v1"), Endpoint("b", "version=v2", "tier=a"), Endpoint("c", "version=v2"));

        Assert.Equal(["2 labels shared: b", "1 labels shared: c", "0 labels shared: a"],
            plan.Groups.Select(g => $"{g.Name}: {Assert.Single(g.Endpoints).Workload.Uid}"));
    }

    [Fact]
    public void Of_Distribution_GroupsByPlaceWithShares()
    {
        ImmutableSortedDictionary<string, uint> to = ImmutableSortedDictionary<string, uint>.Empty.Add("r1/*", 80).Add("r1/z2/*", 0).Add("r2/*", 20);
        TrafficPolicy policy = new()
        {
            LoadBalancer = new LoadBalancer { Locality = new LocalityPolicy { Distribute = [new LocalityShare("r1/z1/*", to)] } },
        };

        EndpointPlan plan = Of(policy, null, At("a", "r1/z1/s"), At("b", "r2/z/s"), At("c", "r3/z/s"));

        Assert.True(plan.ByShare);
        Assert.Equal(["80 a", "20 b"], plan.Groups.Select(g => $"{g.Share} {Assert.Single(g.Endpoints).Workload.Uid}"));
        Assert.Equal("in a place that gets no requests", plan.Endpoints[2].Why);
    }

    [Theory]
    [InlineData(BalancingMode.Strict, "a", -1)]
    [InlineData(BalancingMode.Failover, "a b", 1)]
    public void Of_ServicePreference_KeepsToItOrPrefersIt(BalancingMode mode, string expected, int second)
    {
        MeshService service = Service with { Balancing = new Balancing([BalancingScope.Zone], mode, false) };
        EndpointPlan plan = EndpointPlan.Of(service, [At("a", "r1/z1/s"), At("b", "r1/z2/s")], 80, null, TrafficPolicy.Default, Self);

        Assert.Equal(expected, string.Join(' ', plan.Groups.SelectMany(g => g.Endpoints).Select(e => e.Workload.Uid)));
        Assert.Equal(second, plan.Endpoints[1].Place);
    }

    [Fact]
    public void WhyNone_NobodyToAsk_CountsTheReasons()
    {
        EndpointPlan plan = Of(TrafficPolicy.Default, null, Endpoint("a") with { Capacity = 0 }, Endpoint("b") with { Capacity = 0 });

        Assert.Empty(plan.Groups);
        Assert.Equal("service shop/orders.shop port 80 has no endpoint to take: 2 with weight 0", plan.WhyNone);
        Assert.Equal("service shop/orders.shop port 80 has no endpoints", Of(TrafficPolicy.Default, null).WhyNone);
    }

    private static EndpointPlan Of(TrafficPolicy policy, Subset? subset, params Workload[] endpoints) =>
        EndpointPlan.Of(Service, [.. endpoints], 80, subset, policy, Self);

    private static Workload At(string uid, string place) => place.Split('/') is [var region, var zone, var subzone]
        ? Endpoint(uid) with { Locality = new Locality(region, zone, subzone) }
        : throw new ArgumentException(place);

    private static ImmutableSortedDictionary<string, string> Labels(params string[] labels) =>
        labels.Select(l => l.Split('=')).ToImmutableSortedDictionary(p => p[0], p => p[1], StringComparer.Ordinal);

    private static Workload Endpoint(string uid, params string[] labels) => new()
    {
        Uid = uid,
        Name = uid,
        Namespace = "shop",
        Addresses = [IPAddress.Parse("10.0.0.1")],
        Labels = Labels(labels),
        Services = ImmutableDictionary<string, ImmutableArray<ServicePort>>.Empty.Add("shop/orders.shop", [new ServicePort(80, 8080)]),
    };
}
