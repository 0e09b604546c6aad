using Ambient.Core.Routes;
using Ambient.Routing.Balancers;
using Ambient.Routing.Resilience;
using Ambient.Testing;

namespace Ambient.Routing.Tests.Balancers;

public class EndpointBalancerTests
{
    private readonly ManualTime _time = new(DateTimeOffset.UnixEpoch);

    [Theory]
    [InlineData(LoadBalancerKind.PeakEwma)]
    [InlineData(LoadBalancerKind.LeastRequest)]
    [InlineData(LoadBalancerKind.RoundRobin)]
    [InlineData(LoadBalancerKind.Random)]
    [InlineData(LoadBalancerKind.RingHash)]
    [InlineData(LoadBalancerKind.Maglev)]
    public void Choice_OfEveryKind_SkipsUnhealthyAndTriedAndEndsInNone(LoadBalancerKind kind)
    {
        BalancedEndpoint[] endpoints = Endpoints(4);
        endpoints[0].Healthy = false;
        EndpointBalancer balancer = Balancer(kind, endpoints);
        for (ulong i = 0; i < 200; i++)
        {
            ulong hash = Hashing.Of($"key-{i}");
            Assert.Contains(balancer.Choose(new PickRequest(hash)).Endpoint, endpoints[1..]);
            Assert.Same(endpoints[3], balancer.Choose(new PickRequest(hash, [endpoints[1], endpoints[2]])).Endpoint);
            Assert.NotNull(balancer.Choose(new PickRequest(hash, endpoints)).Endpoint);
        }

        Array.ForEach(endpoints, e => e.Healthy = false);
        Assert.Null(balancer.Choose(new PickRequest(1)).Endpoint);
        Assert.Null(Balancer(kind, []).Choose(new PickRequest(1)).Endpoint);
    }

    [Theory]
    [InlineData(LoadBalancerKind.RoundRobin)]
    [InlineData(LoadBalancerKind.Random)]
    [InlineData(LoadBalancerKind.RingHash)]
    [InlineData(LoadBalancerKind.Maglev)]
    [InlineData(LoadBalancerKind.PeakEwma)]
    public void Choice_ByWeight_SharesHold(LoadBalancerKind kind)
    {
        BalancedEndpoint[] endpoints = Endpoints(3);
        endpoints[0].Weight = 2;
        endpoints[2].Weight = 0;
        EndpointBalancer balancer = Balancer(kind, endpoints);
        int first = Enumerable.Range(0, 6000).Count(i => balancer.Choose(new PickRequest(Hashing.Of($"{i}"))).Endpoint == endpoints[0]);
        Assert.InRange(first, kind == LoadBalancerKind.PeakEwma ? 3600 : 3700, 4300);
    }

    [Fact]
    public void RoundRobin_EqualWeights_InTurn()
    {
        BalancedEndpoint[] endpoints = Endpoints(3);
        EndpointBalancer balancer = Balancer(LoadBalancerKind.RoundRobin, endpoints);
        Assert.Equal(
            ["e0", "e1", "e2", "e0", "e1", "e2"], Enumerable.Range(0, 6).Select(_ => balancer.Choose(default).Endpoint!.Id));
    }

    [Fact]
    public void LeastRequest_OfTwo_TheLessLoaded()
    {
        BalancedEndpoint[] endpoints = Endpoints(2);
        endpoints[0].RequestStarted();
        EndpointBalancer balancer = Balancer(LoadBalancerKind.LeastRequest, endpoints);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.Same(endpoints[1], balancer.Choose(default).Endpoint));
        endpoints[0].RequestEnded(null);
        Assert.Equal(0, endpoints[0].Pending);
    }

    [Fact]
    public void PeakEwma_SlowAgainstFast_FastUnlessItHasManyMoreRequests()
    {
        BalancedEndpoint[] endpoints = Endpoints(2);
        endpoints[0].Latency.Add(TimeSpan.FromMilliseconds(300));
        endpoints[1].Latency.Add(TimeSpan.FromMilliseconds(100));
        EndpointBalancer balancer = Balancer(LoadBalancerKind.PeakEwma, endpoints);
        Assert.Same(endpoints[1], balancer.Choose(default).Endpoint);
        endpoints[1].RequestStarted();
        Assert.Same(endpoints[1], balancer.Choose(default).Endpoint);
        endpoints[1].RequestStarted();
        endpoints[1].RequestStarted();
        Assert.Same(endpoints[0], balancer.Choose(default).Endpoint);
    }

    [Theory]
    [InlineData(LoadBalancerKind.RingHash)]
    [InlineData(LoadBalancerKind.Maglev)]
    public void Hashing_OneEndpointGone_OnlyItsKeysMove(LoadBalancerKind kind)
    {
        BalancedEndpoint[] endpoints = Endpoints(10);
        EndpointBalancer before = Balancer(kind, endpoints);
        EndpointBalancer after = Balancer(kind, endpoints[..9]);
        int moved = 0;
        for (int i = 0; i < 5000; i++)
        {
            PickRequest key = new(Hashing.Of($"user-{i}"));
            BalancedEndpoint was = before.Choose(key).Endpoint!;
            Assert.Same(was, before.Choose(key).Endpoint);
            moved += was != endpoints[9] && after.Choose(key).Endpoint != was ? 1 : 0;
        }

        Assert.InRange(moved, 0, kind == LoadBalancerKind.RingHash ? 0 : 250);
    }

    [Fact]
    public void Panic_TooFewHealthy_HealthIsIgnored()
    {
        BalancedEndpoint[] endpoints = Endpoints(4);
        endpoints[0].Healthy = endpoints[1].Healthy = endpoints[2].Healthy = false;
        EndpointBalancer balancer = new(new LoadBalancer { Kind = LoadBalancerKind.RoundRobin }, endpoints, new Random(1), null, 50);
        Pick[] picks = [.. Enumerable.Range(0, 4).Select(_ => balancer.Choose(default))];
        Assert.Equal(4, picks.Select(p => p.Endpoint).Distinct().Count());
        Assert.All(picks, p => Assert.True(p.Panic));
        endpoints[1].Healthy = true;
        Assert.False(balancer.Choose(default).Panic);
    }

    [Fact]
    public void Warmup_OfANewEndpoint_GrowsFromTheLeastToItsShare()
    {
        Warmup warmup = new(TimeSpan.FromSeconds(100));
        BalancedEndpoint fresh = new("new", _time, isNew: true);
        Assert.Equal(0.1, fresh.EffectiveWeight(warmup), 6);
        _time.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal(0.5, fresh.EffectiveWeight(warmup), 6);
        _time.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal(1, fresh.EffectiveWeight(warmup), 6);
        Assert.Equal(1, new BalancedEndpoint("old", _time).EffectiveWeight(warmup), 6);
    }

    [Fact]
    public void Ejected_Endpoint_ComesBackByOneRequest()
    {
        OutlierDetector outliers = new(
            new OutlierDetection { Consecutive5xx = 1, BaseEjectionTime = TimeSpan.FromSeconds(30) }, _time, new Random(1));
        outliers.SetEndpoints(["e0", "e1"]);
        BalancedEndpoint[] endpoints = Endpoints(2);
        EndpointBalancer balancer = new(new LoadBalancer { Kind = LoadBalancerKind.RoundRobin }, endpoints, new Random(1), outliers);
        Assert.True(outliers.Report("e0", AttemptResult.Answered(500)));
        Assert.All(Enumerable.Range(0, 10), _ => Assert.Same(endpoints[1], balancer.Choose(default).Endpoint));
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(1, Enumerable.Range(0, 10).Count(_ => balancer.Choose(default).Endpoint == endpoints[0]));
        outliers.Report("e0", AttemptResult.Answered(200));
        Assert.Equal(5, Enumerable.Range(0, 10).Count(_ => balancer.Choose(default).Endpoint == endpoints[0]));
    }

    private BalancedEndpoint[] Endpoints(int count) => [.. Enumerable.Range(0, count).Select(i => new BalancedEndpoint($"e{i}", _time))];

    private static EndpointBalancer Balancer(LoadBalancerKind kind, BalancedEndpoint[] endpoints) =>
        new(new LoadBalancer { Kind = kind }, endpoints, new Random(1));
}
