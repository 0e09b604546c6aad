using System.Net;
using Ambient.Core.Identity;
using Ambient.Core.Routes;
using Ambient.Waypoint.Requests;
using Ambient.Waypoint.Tests.Requests.Rig;

namespace Ambient.Waypoint.Tests.Requests.Limiting;

public sealed class LimitStepTests : IAsyncDisposable
{
    private readonly RequestRig _rig = new();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Faults_DelayAndAbort_AreCountedByTheirFlags()
    {
        TestUpstream endpoint = await _rig.EndpointAsync("a", static _ => Task.CompletedTask);
        _rig.Route(RequestRig.ToService() with
        {
            Fault = new FaultPolicy(new FaultDelay(100, TimeSpan.FromMilliseconds(100)), new FaultAbort(100, 418)),
        });
        await _rig.StartAsync();

        Assert.Equal("418 fault-injected fault filter abort", await _rig.Client().AskAsync("/"));
        RequestRecord record = await _rig.LastAsync();
        Assert.Equal(ResponseFlags.DelayInjected | ResponseFlags.FaultInjected, record.Flags);
        // Timers count in coarse ticks and may end a little early.
        Assert.True(_rig.Time.GetElapsedTime(record.Started) > TimeSpan.FromMilliseconds(50));
        Assert.Equal(0, endpoint.Requests);
    }

    [Fact]
    public async Task RateLimit_BesideANewOne_KeepsItsBucketAndPaysNothingForItsRefusals()
    {
        await _rig.EndpointAsync("a", static _ => Task.CompletedTask);
        RateLimit old = new() { Origin = new RouteOrigin("RateLimitPolicy", "shop", "old", 0), Burst = 3, Tokens = 1, Interval = TimeSpan.FromHours(1) };
        RateLimit added = old with { Origin = new RouteOrigin("RateLimitPolicy", "shop", "added", 0), Burst = 1 };
        _rig.Route(RequestRig.ToService() with { RateLimits = [old] });
        await _rig.StartAsync();
        TestClient client = _rig.Client();
        Assert.Equal("200", await client.AskAsync("/"));

        // Two are left in the old bucket; the new one lets one request through.
        _rig.Route(RequestRig.ToService() with { RateLimits = [added, old with { }] });
        Assert.Equal(["200", "429", "429"], [await StatusAsync(), await StatusAsync(), await StatusAsync()]);
        _rig.Route(RequestRig.ToService() with { RateLimits = [old with { }, added with { }] });
        using HttpResponseMessage refused = await client.GetAsync("/");
        Assert.Equal(("1", HttpStatusCode.TooManyRequests), (refused.Headers.GetValues("x-ratelimit-limit").Single(), refused.StatusCode));

        _rig.Route(RequestRig.ToService() with { RateLimits = [old with { }] });
        Assert.Equal(["200", "429"], [await StatusAsync(), await StatusAsync()]);

        async Task<string> StatusAsync() => (await client.AskAsync("/"))[..3];
    }

    [Fact]
    public async Task RateLimit_Over_429WithHeadersAndBucketsByCaller()
    {
        await _rig.EndpointAsync("a", static _ => Task.CompletedTask);
        RateLimit limit = new() { Origin = RequestRig.Origin(), Burst = 2, Tokens = 2, Interval = TimeSpan.FromMinutes(1), FillAtOnce = true, By = RateLimitKey.Caller };
        _rig.Route(RequestRig.ToService() with { RateLimits = [limit] });
        await _rig.StartAsync();
        TestClient client = _rig.Client();

        using HttpResponseMessage first = await client.GetAsync("/");
        Assert.Equal(("2", "1"), (first.Headers.GetValues("x-ratelimit-limit").Single(), first.Headers.GetValues("x-ratelimit-remaining").Single()));
        Assert.Equal("200", await client.AskAsync("/"));
        _rig.Route(RequestRig.ToService() with { RateLimits = [limit with { }], Timeout = TimeSpan.FromMinutes(9) }); // the bucket outlives the change
        using HttpResponseMessage third = await client.GetAsync("/");
        Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
        Assert.InRange(int.Parse(third.Headers.GetValues("retry-after").Single(), System.Globalization.CultureInfo.InvariantCulture), 1, 60);
        Assert.Equal("0", third.Headers.GetValues("x-ratelimit-remaining").Single());
        Assert.Equal("rate-limited", third.Headers.GetValues("ambient-reason").Single());
        Assert.Equal(ResponseFlags.RateLimited, (await _rig.LastAsync(3)).Flags);

        _rig.Connection = c => c with { Caller = new PeerIdentity.Verified(new SpiffeId("cluster.local", "shop", "other")) };
        Assert.Equal("200", await client.AskAsync("/"));
    }
}
