using Ambient.Core;
using Ambient.Core.Identity;
using Ambient.Core.Routes;
using Ambient.Waypoint.Tests.Requests.Rig;
using Microsoft.AspNetCore.Http;

namespace Ambient.Waypoint.Tests.Requests;

/// <summary>What the Mesh says of requests of which nothing else does, and what callers may ask for.</summary>
public sealed class MeshDefaultsTests : IAsyncDisposable
{
    private static readonly RetryPolicy s_twice = new() { Attempts = 2, On = RetryOn.ServerError, BackoffBase = TimeSpan.FromMilliseconds(1), Budget = new RetryBudget(1, 1000, TimeSpan.FromSeconds(10)) };

    private readonly RequestRig _rig = new();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Theory]
    [InlineData("nothing", 3)] // no route at all
    [InlineData("silent", 3)] // a rule without a word on it
    [InlineData("off", 1)]
    [InlineData("once", 2)]
    public async Task Retries_OfTheMesh_AreForWhoeverSaysNothing(string route, int attempts)
    {
        TestUpstream bad = await _rig.EndpointAsync("bad", Status(500));
        Defaults(new MeshRequestDefaults { Retry = s_twice });
        if (route != "nothing")
        {
            _rig.Route(RequestRig.ToService() with { Retry = route switch { "off" => RetryPolicy.Off, "once" => s_twice with { Attempts = 1 }, _ => null } });
        }

        await _rig.StartAsync();

        Assert.Equal("500", await _rig.Client().AskAsync("/"));
        Assert.Equal(attempts, bad.Requests);
    }

    [Fact]
    public async Task RateLimit_OfTheMesh_IsABucketForEachServiceWithoutALimitOfItsOwn()
    {
        await _rig.EndpointAsync("a", Status(200));
        Defaults(new MeshRequestDefaults { RateLimit = Limit("Mesh", 3) });
        await _rig.StartAsync();
        TestClient client = _rig.Client();

        List<string> got = [];
        for (int i = 0; i < 5; i++)
        {
            got.Add(await client.AskAsync("/"));
        }

        Assert.Equal(["200", "200", "200"], got.Take(3));
        Assert.All(got.Skip(3), g => Assert.StartsWith("429", g, StringComparison.Ordinal));

        _rig.Serve(s => s with { Name = "other", Hostname = "other.shop" });
        await _rig.EndpointAsync("b", Status(200), of: _rig.Service);
        Assert.Equal("200", await client.AskAsync("/"));
        _rig.Apply(new MeshUpdate { Resources = [new RouteTable { Host = "other.shop", Http = [RequestRig.ToService() with { RateLimits = [Limit("HTTPRoute", 100)] }] }] });
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal("200", await client.AskAsync("/"));
        }
    }

    [Theory]
    [InlineData("5xx", "1", 2)]
    [InlineData("5xx", null, 3)] // as many as the default
    [InlineData("500,nonsense", "1", 2)]
    [InlineData("nonsense", "5", 1)]
    [InlineData(null, "5", 1)] // more of what a 500 is no reason for
    [InlineData("5xx", "1000000", 11)]
    [InlineData("5xx", "-1", 3)]
    [InlineData("5xx", "0", 1)]
    public async Task Caller_AskingByEnvoysHeaders_GetsRetriesWithinBounds(string? on, string? most, int attempts)
    {
        string? seen = null;
        TestUpstream bad = await _rig.EndpointAsync("bad", http =>
        {
            seen = string.Join(',', http.Request.Headers.Keys.Where(k => k.Contains("retr", StringComparison.OrdinalIgnoreCase)));
            http.Response.StatusCode = 500;
            return Task.CompletedTask;
        });
        _rig.Policy(new TrafficPolicy { RetryBudget = new RetryBudget(1, 1000, TimeSpan.FromSeconds(10)) });
        await _rig.StartAsync();

        Assert.Equal("500", await AskAsync(on, most));
        Assert.Equal(attempts, bad.Requests);
        Assert.Equal("", seen); // what was asked for ends here
    }

    [Fact]
    public async Task Caller_AskingWhereRetriesAreOff_GetsNone()
    {
        TestUpstream bad = await _rig.EndpointAsync("bad", Status(500));
        _rig.Route(RequestRig.ToService() with { Retry = RetryPolicy.Off });
        await _rig.StartAsync();

        Assert.Equal("500", await AskAsync("5xx", "3"));
        Assert.Equal(1, bad.Requests);
    }

    [Fact]
    public async Task Caller_ThatProvedNothing_AsksInVain()
    {
        TestUpstream bad = await _rig.EndpointAsync("bad", Status(500));
        _rig.Connection = static c => c with { Caller = PeerIdentity.Plaintext };
        await _rig.StartAsync();

        Assert.Equal("500", await AskAsync("5xx", "3"));
        Assert.Equal(1, bad.Requests);
    }

    private async Task<string> AskAsync(string? on, string? most)
    {
        TestClient client = _rig.Client();
        HttpRequestMessage request = client.Request(HttpMethod.Get, "/", null);
        if (on is not null)
        {
            request.Headers.Add("x-envoy-retry-on", on);
        }

        if (most is not null)
        {
            request.Headers.Add("x-envoy-max-retries", most);
        }

        return await TestClient.TextAsync(await client.SendAsync(request));
    }

    private void Defaults(MeshRequestDefaults defaults) => _rig.Apply(new MeshUpdate { Resources = [defaults] });

    private static RateLimit Limit(string kind, long tokens) =>
        new() { Origin = new RouteOrigin(kind, "", "default", 0), Tokens = tokens, Burst = tokens, Interval = TimeSpan.FromHours(1) };

    private static RequestDelegate Status(int status) => http =>
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    };
}
