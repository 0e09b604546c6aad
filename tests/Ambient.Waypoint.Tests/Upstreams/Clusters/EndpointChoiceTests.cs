using System.Collections.Concurrent;
using Ambient.Core.Routes;
using Ambient.Core.Workloads;
using Ambient.Testing;
using Ambient.Waypoint.Requests;
using Ambient.Waypoint.Tests.Requests.Rig;
using Ambient.Waypoint.Upstreams.Clusters;

namespace Ambient.Waypoint.Tests.Upstreams.Clusters;

public sealed class EndpointChoiceTests : IAsyncDisposable
{
    private readonly ManualTime _time = new(DateTimeOffset.UnixEpoch);
    private readonly RequestRig _rig;

    public EndpointChoiceTests() => _rig = new RequestRig(_time);

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Discovery_EndpointBecomesUnready_IsNotAskedAndKeepsItsHistory()
    {
        TestUpstream a = await _rig.EndpointAsync("a", static _ => Task.CompletedTask);
        TestUpstream b = await _rig.EndpointAsync("b", static _ => Task.CompletedTask);
        await _rig.StartAsync();
        TestClient client = _rig.Client();
        for (int i = 0; i < 20; i++)
        {
            await client.AskAsync("/");
        }

        ClusterEndpoint before = _rig.Cluster.State.Endpoints.Values.Single(e => e.Workload.Name == "b");
        _rig.Declare(a.Workload(_rig.Service) with { Health = WorkloadHealth.Unhealthy });
        int asked = a.Requests;
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal("200", await client.AskAsync("/"));
        }

        Assert.Equal(asked, a.Requests);
        Assert.Same(before, _rig.Cluster.State.Endpoints.Values.Single(e => e.Workload.Name == "b"));
        Assert.Equal("discovery says not ready", EndpointViews.Of(_rig.Cluster).Single(v => v.Workload == "shop/a").Why);
        Assert.True(b.Requests > 0);
    }

    [Fact]
    public async Task Subsets_ByLabel_GetTheirShares()
    {
        TestUpstream v1 = await _rig.EndpointAsync("v1", static _ => Task.CompletedTask, labels: "version=v1");
        TestUpstream v2 = await _rig.EndpointAsync("v2", static _ => Task.CompletedTask, labels: "version=v2");
        _rig.Policy(TrafficPolicy.Default, Subset("v1"), Subset("v2"));
        _rig.Route(RequestRig.ToService() with
        {
            Action = new RouteAction.Forward(
            [
                new WeightedBackend { Target = RequestRig.Target("v1"), Weight = 90 },
                new WeightedBackend { Target = RequestRig.Target("v2"), Weight = 10 },
            ]),
        });
        await _rig.StartAsync();
        TestClient client = _rig.Client();
        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal("200", await client.AskAsync("/"));
        }

        Assert.Equal(1000, v1.Requests + v2.Requests);
        Assert.InRange(v2.Requests, 60, 145); // 100, give or take four standard deviations
    }

    [Fact]
    public async Task MissingSubset_503AndNoClusterFlag()
    {
        await _rig.EndpointAsync("a", static _ => Task.CompletedTask);
        _rig.Route(RequestRig.ToService("v9"));
        await _rig.StartAsync();

        Assert.Equal("503 no-such-backend service shop/orders.shop has no subset v9", await _rig.Client().AskAsync("/"));
        Assert.Equal(ResponseFlags.NoClusterFound, (await _rig.LastAsync()).Flags);
    }

    [Fact]
    public async Task HashCookie_Generated_SticksToOneEndpoint()
    {
        ConcurrentBag<string> names = [];
        for (int i = 0; i < 4; i++)
        {
            string name = $"e{i}";
            await _rig.EndpointAsync(name, http =>
            {
                names.Add(name);
                return Task.CompletedTask;
            });
        }

        _rig.Policy(new TrafficPolicy
        {
            LoadBalancer = new LoadBalancer
            {
                Kind = LoadBalancerKind.RingHash,
                HashKey = new HashKey(HashKeyKind.Cookie, "who") { CookieTtl = TimeSpan.FromMinutes(1), CookiePath = "/" },
            },
        });
        await _rig.StartAsync();
        TestClient client = _rig.Client();

        using HttpResponseMessage first = await client.GetAsync("/");
        string cookie = first.Headers.GetValues("set-cookie").Single();
        Assert.Matches("^who=\"[0-9a-f]{16}\"; Max-Age=60; Path=/; HttpOnly$", cookie);
        for (int i = 0; i < 20; i++)
        {
            using HttpResponseMessage again = await client.GetAsync("/", $"cookie: {cookie[..cookie.IndexOf(';', StringComparison.Ordinal)]}");
            Assert.False(again.Headers.Contains("set-cookie"));
        }

        Assert.Single(names.Distinct());
    }

    private static Subset Subset(string version) => new()
    {
        Name = version,
        Labels = System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty.Add("version", version),
    };
}
