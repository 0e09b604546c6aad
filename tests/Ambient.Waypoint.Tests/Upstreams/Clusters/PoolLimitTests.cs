using Ambient.Core.Routes;
using Ambient.Testing;
using Ambient.Waypoint.Requests;
using Ambient.Waypoint.Tests.Requests.Rig;

namespace Ambient.Waypoint.Tests.Upstreams.Clusters;

public sealed class PoolLimitTests : IAsyncDisposable
{
    private readonly ManualTime _time = new(DateTimeOffset.UnixEpoch);
    private readonly RequestRig _rig;

    public PoolLimitTests() => _rig = new RequestRig(_time);

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Limits_OneConnectionOneWaits_TheThirdIsRefusedAtOnce()
    {
        TaskCompletionSource release = new();
        TestUpstream one = await _rig.EndpointAsync("a", _ => release.Task);
        _rig.Policy(new TrafficPolicy { ConnectionPool = new ConnectionPool { MaxConnections = 1, MaxPendingRequests = 1 } });
        await _rig.StartAsync();
        TestClient client = _rig.Client();

        Task<string> first = client.AskAsync("/");
        await Wait.UntilAsync(() => one.Requests == 1, "the first arrives");
        Task<string> second = client.AskAsync("/");
        await Wait.UntilAsync(() => _rig.Cluster.Gate.Waiting == 1, "the second waits");
        string third = await client.AskAsync("/");

        Assert.StartsWith("503 overflow all 1 connections are taken and 1 requests wait", third, StringComparison.Ordinal);
        Assert.Equal(ResponseFlags.UpstreamOverflow, (await _rig.LastAsync()).Flags);
        release.SetResult();
        Assert.Equal(["200", "200"], await Task.WhenAll(first, second));
        Assert.Equal((0L, 0, 1L), (_rig.Cluster.Gate.Active, _rig.Cluster.Gate.Waiting, _rig.Cluster.Gate.Overflows));
        Assert.Single(_rig.Dialer.Dialled);
    }

    [Fact]
    public async Task Limits_TheOneThatWaitsGivesUp_ItsPlaceIsFree()
    {
        TaskCompletionSource release = new();
        TestUpstream one = await _rig.EndpointAsync("a", _ => release.Task);
        _rig.Policy(new TrafficPolicy { ConnectionPool = new ConnectionPool { MaxConnections = 1, MaxPendingRequests = 1 } });
        await _rig.StartAsync();
        TestClient client = _rig.Client();
        Task<string> first = client.AskAsync("/");
        await Wait.UntilAsync(() => one.Requests == 1, "the first arrives");

        using CancellationTokenSource leave = new();
        Task<HttpResponseMessage> second = client.SendAsync(client.Request(HttpMethod.Get, "/"), leave.Token);
        await Wait.UntilAsync(() => _rig.Cluster.Gate.Waiting == 1, "the second waits");
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await Wait.UntilAsync(() => _rig.Cluster.Gate.Waiting == 0, "nobody waits");
        release.SetResult();

        Assert.Equal("200", await first);
        RequestRecord left = await _rig.LastAsync(1);
        Assert.Contains(_rig.Records, r => r.Status == 499 && r.Flags == ResponseFlags.DownstreamConnectionTermination);
        Assert.NotNull(left);
    }

    [Fact]
    public async Task RequestsPerConnection_One_EachRequestHasItsOwn()
    {
        await _rig.EndpointAsync("a", static _ => Task.CompletedTask);
        _rig.Policy(new TrafficPolicy { ConnectionPool = new ConnectionPool { MaxRequestsPerConnection = 1 } });
        await _rig.StartAsync();
        TestClient client = _rig.Client();
        for (int i = 0; i < 5; i++)
        {
            await client.AskAsync("/");
        }

        Assert.Equal(5, _rig.Dialer.Dialled.Count);
    }
}
