using Ambient.Core.Routes;
using Ambient.Testing;
using Ambient.Waypoint.Tests.Requests.Rig;
using Ambient.Waypoint.Upstreams.Clusters;
using Ambient.Waypoint.Upstreams.Health;

namespace Ambient.Waypoint.Tests.Upstreams.Health;

public sealed class HealthProbesTests : IAsyncDisposable
{
    private readonly ManualTime _time = new(DateTimeOffset.UnixEpoch);
    private readonly RequestRig _rig;

    public HealthProbesTests() => _rig = new RequestRig(_time);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task HealthChecks_FailingEndpoint_IsLeftOutUntilChecksSucceed()
    {
        int status = 503;
        TestUpstream sick = await _rig.EndpointAsync("sick", http =>
        {
            http.Response.StatusCode = http.Request.Path == "/healthz" ? Volatile.Read(ref status) : 200;
            return Task.CompletedTask;
        });
        await _rig.EndpointAsync("good", static _ => Task.CompletedTask);
        _rig.Policy(new TrafficPolicy
        {
            HealthCheck = new HealthCheck { Path = "/healthz", Interval = TimeSpan.FromSeconds(1), UnhealthyThreshold = 2, HealthyThreshold = 1, Timeout = TimeSpan.FromMinutes(1) },
        });
        await _rig.StartAsync();
        TestClient client = _rig.Client();
        await client.AskAsync("/");
        await using HealthProbes probes = new(
            _rig.Clusters, _rig.Invokers, _rig.Dialer, static () => Core.Identity.PeerIdentity.Plaintext, _rig, _time);

        await RoundsAsync(3, () => _rig.Events.Contains("unhealthy sick"));
        Assert.Equal("active checks fail", EndpointViews.Of(_rig.Cluster).Single(v => v.Workload == "shop/sick").Why);
        int asked = sick.Requests;
        for (int i = 0; i < 20; i++)
        {
            await client.AskAsync("/");
        }

        Assert.InRange(sick.Requests, asked, asked + 1); // at most a check that was under way
        Volatile.Write(ref status, 200);
        await RoundsAsync(3, () => _rig.Events.Contains("healthy sick"));
        Assert.True(EndpointViews.Of(_rig.Cluster).Single(v => v.Workload == "shop/sick").Taken);

        async Task RoundsAsync(int rounds, Func<bool> until)
        {
            for (int i = 0; i < rounds * 4 && !until(); i++)
            {
                _time.Advance(TimeSpan.FromSeconds(1.1));
                await Task.Delay(50, Stop);
            }

            await Wait.UntilAsync(until, "checks tell");
        }
    }
}
