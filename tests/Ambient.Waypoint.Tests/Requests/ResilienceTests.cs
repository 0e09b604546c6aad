using Ambient.Core.Routes;
using Ambient.Testing;
using Ambient.Waypoint.Tests.Requests.Rig;
using Ambient.Waypoint.Upstreams;
using Ambient.Waypoint.Upstreams.Clusters;
using Microsoft.AspNetCore.Http;

namespace Ambient.Waypoint.Tests.Requests;

public sealed class ResilienceTests : IAsyncDisposable
{
    private readonly ManualTime _time = new(DateTimeOffset.UnixEpoch);
    private readonly RequestRig _rig;

    public ResilienceTests() => _rig = new RequestRig(_time);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Outcomes_TenThousandMixed_LeaveNothingPending()
    {
        await _rig.EndpointAsync("a", Mixed);
        TestUpstream dead = await _rig.EndpointAsync("dead", static _ => Task.CompletedTask);
        _rig.Dialer.Refused[dead.Address.ToString()] = UpstreamDialFailure.Connect;
        _rig.Policy(new TrafficPolicy
        {
            OutlierDetection = new OutlierDetection { Consecutive5xx = 50, MaxEjectionPercent = 50 },
            ConnectionPool = new ConnectionPool { MaxConnections = 20, MaxPendingRequests = 20 },
        });
        _rig.Route(RequestRig.ToService() with
        {
            Retry = new RetryPolicy { Attempts = 2, On = RetryOn.GatewayError | RetryOn.ConnectFailure, BackoffBase = TimeSpan.Zero, PerTryTimeout = TimeSpan.FromSeconds(30) },
        });
        await _rig.StartAsync();
        TestClient h1 = _rig.Client();
        TestClient h2 = _rig.Client(http2: true);

        await Parallel.ForAsync(0, 10_000, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = Stop }, async (i, ct) =>
        {
            TestClient client = i % 2 == 0 ? h1 : h2;
            using CancellationTokenSource leave = CancellationTokenSource.CreateLinkedTokenSource(ct);
            HttpContent? body = i % 5 == 0 ? new ByteArrayContent(new byte[i % 7 == 0 ? 70_000 : 100]) : null;
            Task<HttpResponseMessage> sent = client.SendAsync(client.Request(body is null ? HttpMethod.Get : HttpMethod.Post, $"/{i % 10}", body), leave.Token);
            if (i % 11 == 0)
            {
                leave.CancelAfter(i % 3);
            }

            try
            {
                using HttpResponseMessage answer = await sent;
                await answer.Content.CopyToAsync(Stream.Null, leave.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException)
            {
            }
        });

        Cluster cluster = _rig.Cluster;
        await Wait.UntilAsync(() => _rig.Records.Count >= 9_000 && cluster.Gate.Active == 0, "all end");
        await Wait.UntilAsync(() => cluster.State.Endpoints.Values.All(e => e.Pending == 0), "nothing is pending");
        Assert.Equal((0L, 0, 0), (cluster.Gate.Active, cluster.Gate.Waiting, cluster.Gate.Retries));
        Assert.Equal(0, cluster.State.BudgetMeter.ActiveRetries);
        Assert.Contains(_rig.Records, r => r.Status == 200);
        Assert.Contains(_rig.Records, r => r.Status == 503);
        Assert.Contains(_rig.Records, r => r.Attempts > 1);

        static async Task Mixed(HttpContext http)
        {
            switch (http.Request.Path.Value)
            {
                case "/0":
                    http.Abort();
                    break;
                case "/1":
                    http.Response.StatusCode = 503;
                    break;
                case "/2":
                    await Task.Delay(1);
                    break;
                case "/3":
                    http.Response.ContentLength = 100;
                    await http.Response.Body.WriteAsync(new byte[10]);
                    http.Abort();
                    break;
                default:
                    await http.Request.Body.CopyToAsync(Stream.Null);
                    await http.Response.Body.WriteAsync(new byte[2000]);
                    break;
            }
        }
    }
}
