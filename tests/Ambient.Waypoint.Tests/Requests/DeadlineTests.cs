using System.Net;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Routing.Timing;
using Ambient.Testing;
using Ambient.Waypoint.Requests;
using Ambient.Waypoint.Tests.Requests.Rig;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Ambient.Waypoint.Tests.Requests;

public sealed class DeadlineTests : IAsyncDisposable
{
    private readonly RequestRig _rig = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task RouteTimeout_SlowEndpoint_504AndTheEndpointHearsOfIt()
    {
        ManualTime time = new();
        await using RequestRig rig = new(time);
        bool asked = false, aborted = false;
        await rig.EndpointAsync("a", async http =>
        {
            asked = true;
            await Wait.UntilAbortedAsync(http);
            aborted = true;
        });
        rig.Route(RequestRig.ToService() with { Timeout = TimeSpan.FromMilliseconds(150) });
        await rig.StartAsync();

        Task<string> answer = rig.Client().AskAsync("/");
        await Wait.UntilAsync(() => asked, "the endpoint is asked");
        time.Advance(TimeSpan.FromMilliseconds(150));

        Assert.Equal("504 deadline-exceeded route timeout of 0.15 s is over", await answer);
        RequestRecord record = await rig.LastAsync();
        Assert.Equal((ResponseFlags.UpstreamRequestTimeout, 1), (record.Flags, record.Attempts));
        await Wait.UntilAsync(() => aborted, "the endpoint's request is cancelled");
    }

    [Theory]
    [InlineData("x-envoy-expected-rq-timeout-ms: 150", "x-envoy-expected-rq-timeout-ms of 0.15 s is over")]
    [InlineData("grpc-timeout: 150m", "grpc-timeout of 0.15 s is over")]
    public async Task CallersDeadline_ShorterThanTheRoutes_Counts(string header, string words)
    {
        await _rig.EndpointAsync("a", Wait.UntilAbortedAsync);
        _rig.Route(RequestRig.ToService() with { Timeout = TimeSpan.FromMinutes(1) });
        await _rig.StartAsync();

        Assert.Equal($"504 deadline-exceeded {words}", await _rig.Client().AskAsync("/", header));
    }

    [Theory]
    [InlineData("grpc-timeout: 0n")]
    [InlineData("x-envoy-expected-rq-timeout-ms: 0")]
    public async Task Late_OnArrival_AnsweredAtOnceAndNeverForwarded(string header)
    {
        TestUpstream endpoint = await _rig.EndpointAsync("a", static _ => Task.CompletedTask);
        await _rig.StartAsync();

        Assert.StartsWith("504 deadline-exceeded ", await _rig.Client().AskAsync("/", header), StringComparison.Ordinal);
        Assert.Equal(0, endpoint.Requests);
    }

    [Fact]
    public async Task Deadline_Passed_TheEndpointIsToldOfWhatIsLeft()
    {
        string? expected = null, grpc = null;
        _rig.Serve(s => s with { Ports = [new ServicePort(80, 0, AppProtocol.Grpc)] });
        await _rig.EndpointAsync("a", http =>
        {
            (expected, grpc) = (http.Request.Headers["x-envoy-expected-rq-timeout-ms"], http.Request.Headers["grpc-timeout"]);
            http.Response.ContentType = "application/grpc";
            http.Response.Headers["grpc-status"] = "0";
            return Task.CompletedTask;
        }, HttpProtocols.Http2);
        _rig.Route(RequestRig.ToService() with
        {
            Timeout = TimeSpan.FromMinutes(3),
            Fault = new FaultPolicy(new FaultDelay(100, TimeSpan.FromMilliseconds(200)), null),
        });
        await _rig.StartAsync();
        TestClient client = _rig.Client(http2: true);
        ByteArrayContent content = new([0, 0, 0, 0, 0]);
        content.Headers.TryAddWithoutValidation("content-type", "application/grpc");

        using HttpResponseMessage answer = await client.SendAsync(client.Request(HttpMethod.Post, "/a/b", content, "grpc-timeout: 120S", "te: trailers"));

        // The fault took 200 ms of the caller's two minutes; the route would have given three.
        Assert.InRange(int.Parse(expected!, System.Globalization.CultureInfo.InvariantCulture), 1, 119_900);
        Assert.True(GrpcTimeout.TryParse(grpc, out TimeSpan left), grpc);
        Assert.InRange(left, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(119.9));
    }

    [Fact]
    public async Task Grpc_Late_HasDeadlineExceeded()
    {
        await _rig.EndpointAsync("a", static _ => Task.CompletedTask);
        await _rig.StartAsync();
        TestClient client = _rig.Client(http2: true);
        ByteArrayContent content = new([0, 0, 0, 0, 0]);
        content.Headers.TryAddWithoutValidation("content-type", "application/grpc");

        using HttpResponseMessage answer = await client.SendAsync(client.Request(HttpMethod.Post, "/a/b", content, "grpc-timeout: 0n"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("4", answer.Headers.GetValues("grpc-status").Single());
    }

    [Fact]
    public async Task RouteTimeout_SlowUpload_RunsOnlyFromItsEnd()
    {
        ManualTime time = new();
        await using RequestRig rig = new(time);
        await rig.EndpointAsync("a", ForwardingTests.Echo);
        rig.Route(RequestRig.ToService() with { Timeout = TimeSpan.FromMilliseconds(400) });
        await rig.StartAsync();
        TestClient client = rig.Client();
        PiecewiseContent content = new();

        Task<HttpResponseMessage> sending = client.SendAsync(client.Request(HttpMethod.Post, "/", content));
        await content.WriteAsync("slow ");
        await Wait.UntilAsync(() => rig.Cluster.Gate.Active == 1, "it is under way");
        time.Advance(TimeSpan.FromMilliseconds(700));
        await content.WriteAsync("upload");
        content.End();

        Assert.StartsWith("200 POST / slow upload", await TestClient.TextAsync(await sending), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RouteTimeout_InTheMiddleOfTheAnswer_CutsItAndSaysWhy()
    {
        ManualTime time = new();
        await using RequestRig rig = new(time);
        await rig.EndpointAsync("a", async http =>
        {
            await http.Response.WriteAsync("begin", Stop);
            await http.Response.Body.FlushAsync(Stop);
            await Wait.UntilAbortedAsync(http);
        });
        rig.Route(RequestRig.ToService() with { Timeout = TimeSpan.FromMilliseconds(300) });
        await rig.StartAsync();

        using HttpResponseMessage answer = await rig.Client().GetAsync("/");
        time.Advance(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<Exception>(() => answer.Content.ReadAsByteArrayAsync(Stop));

        RequestRecord record = await rig.LastAsync();
        Assert.Equal("deadline-exceeded", record.Reason);
        Assert.True(record.Flags.HasFlag(ResponseFlags.UpstreamRequestTimeout));
    }

    [Fact]
    public async Task Endpoint_BreaksOffInTheMiddle_IsItsFaultAndNotTheCallers()
    {
        await _rig.EndpointAsync("a", async http =>
        {
            http.Response.ContentLength = 100;
            await http.Response.WriteAsync("begin", Stop);
            await http.Response.Body.FlushAsync(Stop);
            http.Abort();
        });
        await _rig.StartAsync();

        for (int i = 0; i < 5; i++)
        {
            try
            {
                using HttpResponseMessage answer = await _rig.Client().GetAsync("/");
                await answer.Content.ReadAsByteArrayAsync(Stop);
                Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode); // it broke before the head was out, every time
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
            }
        }

        await _rig.LastAsync(5);
        Assert.All(_rig.Records, r => Assert.Equal("upstream-reset", r.Reason));
        Assert.All(_rig.Records, r => Assert.Equal(ResponseFlags.UpstreamConnectionTermination, r.Flags & ~ResponseFlags.UpstreamRetryLimitExceeded));
    }

    [Fact]
    public async Task Caller_GoesAway_TheEndpointsRequestIsCancelledAndNothingIsHeldAgainstIt()
    {
        bool aborted = false;
        TestUpstream endpoint = await _rig.EndpointAsync("a", async http =>
        {
            await Wait.UntilAbortedAsync(http);
            aborted = true;
        });
        _rig.Policy(new TrafficPolicy { OutlierDetection = new OutlierDetection { Consecutive5xx = 1, MaxEjectionPercent = 100 } });
        await _rig.StartAsync();
        using CancellationTokenSource leave = new();
        TestClient client = _rig.Client();

        Task<HttpResponseMessage> asking = client.SendAsync(client.Request(HttpMethod.Get, "/"), leave.Token);
        await Wait.UntilAsync(() => endpoint.Requests == 1, "the request arrives");
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);

        await Wait.UntilAsync(() => aborted, "the endpoint's request is cancelled");
        RequestRecord record = await _rig.LastAsync();
        Assert.Equal((499, ResponseFlags.DownstreamConnectionTermination), (record.Status, record.Flags));
        Assert.Empty(_rig.Events);
        Assert.Equal(0, _rig.Cluster.State.Endpoints.Values.Single().Pending);
    }
}
