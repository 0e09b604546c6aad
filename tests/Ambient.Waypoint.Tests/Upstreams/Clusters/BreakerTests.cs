using Ambient.Core.Routes;
using Ambient.Testing;
using Ambient.Waypoint.Tests.Requests.Rig;
using Ambient.Waypoint.Upstreams.Clusters;

namespace Ambient.Waypoint.Tests.Upstreams.Clusters;

public sealed class BreakerTests : IAsyncDisposable
{
    private readonly ManualTime _time = new(DateTimeOffset.UnixEpoch);
    private readonly RequestRig _rig;

    public BreakerTests() => _rig = new RequestRig(_time);

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Breaker_FiveErrorsInARow_EjectsProbesWithOneRequestAndBringsBack()
    {
        int status = 500;
        TestUpstream bad = await _rig.EndpointAsync("bad", http =>
        {
            http.Response.StatusCode = Volatile.Read(ref status);
            return Task.CompletedTask;
        });
        TestUpstream good = await _rig.EndpointAsync("good", static _ => Task.CompletedTask);
        _rig.Policy(new TrafficPolicy
        {
            LoadBalancer = new LoadBalancer { Kind = LoadBalancerKind.RoundRobin },
            OutlierDetection = new OutlierDetection { Consecutive5xx = 5, BaseEjectionTime = TimeSpan.FromSeconds(30), MaxEjectionPercent = 100 },
        });
        await _rig.StartAsync();
        TestClient client = _rig.Client();

        for (int i = 0; i < 10; i++)
        {
            await client.AskAsync("/");
        }

        Assert.Equal(["ejected bad"], _rig.Events);
        Assert.Equal(5, bad.Requests);
        EndpointView view = EndpointViews.Of(_rig.Cluster).Single(v => v.Workload == "shop/bad");
        Assert.True(view.Ready);
        Assert.False(view.Taken);
        Assert.Equal("ejected 1 times, for 30 s more", view.Why);

        for (int i = 0; i < 20; i++)
        {
            Assert.Equal("200", await client.AskAsync("/"));
        }

        Assert.Equal(5, bad.Requests);

        _time.Advance(TimeSpan.FromSeconds(31));
        for (int i = 0; i < 4; i++)
        {
            await client.AskAsync("/");
        }

        Assert.Equal(6, bad.Requests); // one request tried it, and it was not good
        _time.Advance(TimeSpan.FromSeconds(61));
        Volatile.Write(ref status, 200);
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal("200", await client.AskAsync("/"));
        }

        Assert.True(bad.Requests > 8);
        Assert.True(EndpointViews.Of(_rig.Cluster).Single(v => v.Workload == "shop/bad").Taken);
    }

    [Fact]
    public async Task Breaker_OnlyOneProbeAtATime_WhileItHasNotAnswered()
    {
        TaskCompletionSource release = new();
        bool bad = true;
        TestUpstream sick = await _rig.EndpointAsync("sick", async http =>
        {
            if (bad)
            {
                http.Response.StatusCode = 500;
                return;
            }

            await release.Task;
        });
        await _rig.EndpointAsync("good", static _ => Task.CompletedTask);
        _rig.Policy(new TrafficPolicy
        {
            LoadBalancer = new LoadBalancer { Kind = LoadBalancerKind.RoundRobin },
            OutlierDetection = new OutlierDetection { Consecutive5xx = 1, BaseEjectionTime = TimeSpan.FromSeconds(10), MaxEjectionPercent = 100 },
        });
        await _rig.StartAsync();
        TestClient client = _rig.Client();
        await client.AskAsync("/");
        await client.AskAsync("/");
        Assert.Equal(1, sick.Requests);

        bad = false;
        _time.Advance(TimeSpan.FromSeconds(11));
        Task<string>[] asked = [.. Enumerable.Range(0, 10).Select(_ => client.AskAsync("/"))];
        await Wait.UntilAsync(() => asked.Count(t => t.IsCompleted) == 9, "nine go to the good one");

        Assert.Equal(2, sick.Requests);
        release.SetResult();
        await Task.WhenAll(asked);
    }
}
