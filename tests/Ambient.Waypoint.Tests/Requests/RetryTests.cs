using System.Collections.Concurrent;
using System.Net;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Testing;
using Ambient.Waypoint.Requests;
using Ambient.Waypoint.Requests.Forwarding;
using Ambient.Waypoint.Tests.Requests.Rig;
using Ambient.Waypoint.Upstreams;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Ambient.Waypoint.Tests.Requests;

public sealed class RetryTests : IAsyncDisposable
{
    private static readonly RetryPolicy s_on5xx = new() { Attempts = 3, On = RetryOn.ServerError, BackoffBase = TimeSpan.FromMilliseconds(1) };

    private readonly RequestRig _rig = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task ServerErrors_RetriesAsked_SaveEveryRequestAndGoElsewhere()
    {
        TestUpstream bad = await _rig.EndpointAsync("bad", Status(500));
        TestUpstream good = await _rig.EndpointAsync("good", Status(200));
        _rig.Route(RequestRig.ToService() with { Retry = s_on5xx with { Budget = new RetryBudget(1, 1000, TimeSpan.FromSeconds(10)) } });
        await _rig.StartAsync();
        TestClient client = _rig.Client();

        for (int i = 0; i < 50; i++)
        {
            Assert.Equal("200", await client.AskAsync("/"));
        }

        Assert.Equal(50, good.Requests);
        Assert.Equal(bad.Requests + 50, _rig.Records.Sum(r => r.Attempts));
        Assert.All(_rig.Records, r => Assert.InRange(r.Attempts, 1, 2)); // never the same endpoint while an untried one remains
    }

    [Fact]
    public async Task ServerErrors_NothingAsked_AreTheBackendsAnswer()
    {
        TestUpstream bad = await _rig.EndpointAsync("bad", Status(503));
        await _rig.StartAsync();

        Assert.Equal("503", await _rig.Client().AskAsync("/"));
        Assert.Equal(1, bad.Requests);
        Assert.Null((await _rig.LastAsync()).Reason);
    }

    [Theory]
    [InlineData("POST", nameof(UpstreamDialFailure.Connect))]
    [InlineData("GET", nameof(UpstreamDialFailure.Tls))]
    [InlineData("PATCH", nameof(UpstreamDialFailure.Timeout))]
    public async Task ConnectFailures_NothingAsked_AreTriedElsewhereWhateverTheMethod(string method, string failure)
    {
        TestUpstream dead = await _rig.EndpointAsync("dead", Status(200));
        TestUpstream good = await _rig.EndpointAsync("good", ForwardingTests.Echo);
        _rig.Dialer.Refused[dead.Address.ToString()] = Enum.Parse<UpstreamDialFailure>(failure);
        await _rig.StartAsync();
        TestClient client = _rig.Client();

        for (int i = 0; i < 10; i++)
        {
            HttpRequestMessage request = client.Request(new HttpMethod(method), "/", method == "GET" ? null : new ByteArrayContent("body"u8.ToArray()));
            Assert.StartsWith($"200 {method} / {(method == "GET" ? "" : "body")}", await TestClient.TextAsync(await client.SendAsync(request)), StringComparison.Ordinal);
        }

        Assert.Equal(10, good.Requests);
        Assert.Contains(_rig.Records, r => r.Attempts == 2 && r.Flags == ResponseFlags.UpstreamConnectionFailure && r.Status == 200);
    }

    [Fact]
    public async Task ConnectFailures_Everywhere_503WithTheReasonAfterAllAttempts()
    {
        TestUpstream dead = await _rig.EndpointAsync("dead", Status(200));
        _rig.Dialer.Refused[dead.Address.ToString()] = UpstreamDialFailure.Connect;
        await _rig.StartAsync();

        string answer = await _rig.Client().AskAsync("/");

        Assert.Equal($"503 connect-failure cannot connect: {dead.Address} is refused by the test (attempt 3)", answer);
        RequestRecord record = await _rig.LastAsync();
        Assert.Equal((3, "connect-failure"), (record.Attempts, record.Reason));
        Assert.Equal(ResponseFlags.UpstreamConnectionFailure | ResponseFlags.UpstreamRetryLimitExceeded, record.Flags);
    }

    [Fact]
    public async Task EndpointsProxy_DoesNotLetTheCallerIn_SaysSo()
    {
        TestUpstream closed = await _rig.EndpointAsync("closed", Status(200));
        _rig.Dialer.Refused[closed.Address.ToString()] = UpstreamDialFailure.Denied;
        _rig.Route(RequestRig.ToService() with { Retry = RetryPolicy.Off });
        await _rig.StartAsync();

        Assert.StartsWith("503 endpoint-denied ", await _rig.Client().AskAsync("/"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", 2)]
    [InlineData("PUT", 2)]
    [InlineData("POST", 1)]
    public async Task Breaks_AfterSending_AreRepeatedForIdempotentMethodsOnly(string method, int attempts)
    {
        ConcurrentBag<string> seen = [];
        foreach (string name in (string[])["a", "b"])
        {
            await _rig.EndpointAsync(name, http =>
            {
                seen.Add(name);
                if (seen.Count == 1)
                {
                    http.Abort();
                }

                return Task.CompletedTask;
            });
        }

        await _rig.StartAsync();
        TestClient client = _rig.Client();

        string answer = await TestClient.TextAsync(await client.SendAsync(
            client.Request(new HttpMethod(method), "/", method == "GET" ? null : new ByteArrayContent([1, 2]))));

        Assert.Equal(attempts, seen.Distinct().Count());
        Assert.StartsWith(attempts == 2 ? "200" : "503 upstream-reset", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1000, true)]
    [InlineData(RequestBody.MaxKept, true)]
    [InlineData(RequestBody.MaxKept + 1, false)]
    [InlineData(300_000, false)]
    public async Task Bodies_UpTo64KiB_AreSentAgainByteForByte(int length, bool again)
    {
        byte[] body = new byte[length];
        new Random(length).NextBytes(body);
        int tries = 0;
        byte[]? second = null;
        foreach (string name in (string[])["a", "b"])
        {
            await _rig.EndpointAsync(name, async http =>
            {
                MemoryStream got = new();
                await http.Request.Body.CopyToAsync(got, Stop);
                http.Response.StatusCode = Interlocked.Increment(ref tries) == 1 ? 500 : 200;
                second = got.ToArray();
            });
        }

        _rig.Route(RequestRig.ToService() with { Retry = s_on5xx });
        await _rig.StartAsync();

        using HttpResponseMessage answer = await _rig.Client().PostAsync("/", body);

        Assert.Equal(again ? HttpStatusCode.OK : HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Equal(again ? 2 : 1, tries);
        Assert.Equal(body, second);
        if (!again)
        {
            Assert.Contains("too large to be sent again", (await _rig.LastAsync()).Detail, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(404, true, 2)]
    [InlineData(500, false, 1)]
    [InlineData(503, true, 2)]
    public async Task ResponseClasses_SayWhatIsAFailure(int status, bool failure, int attempts)
    {
        await _rig.EndpointAsync("a", Status(status));
        await _rig.EndpointAsync("b", Status(status));
        _rig.Route(RequestRig.ToService() with { Retry = s_on5xx with { Attempts = 1 }, ResponseClasses = [new ResponseClass(status, status, failure)] });
        await _rig.StartAsync();

        Assert.Equal($"{status}", await _rig.Client().AskAsync("/"));
        Assert.Equal(attempts, (await _rig.LastAsync()).Attempts);
    }

    [Fact]
    public async Task Budget_Spent_StopsTheStorm()
    {
        TestUpstream bad = await _rig.EndpointAsync("bad", Status(500));
        _rig.Route(RequestRig.ToService() with { Retry = s_on5xx with { Budget = new RetryBudget(0.2, 0, TimeSpan.FromSeconds(10)) } });
        await _rig.StartAsync();
        TestClient client = _rig.Client();

        for (int i = 0; i < 100; i++)
        {
            await client.AskAsync("/");
        }

        Assert.InRange(bad.Requests, 101, 121); // 20 % more, not 300 %
        Assert.Contains(_rig.Records, r => r.RetryBudgetSpent);
    }

    [Fact]
    public async Task PerTryTimeout_SlowEndpoint_TheNextOneAnswers()
    {
        ManualTime time = new();
        await using RequestRig rig = new(time);
        int asked = 0;
        foreach (string name in (string[])["a", "b"])
        {
            await rig.EndpointAsync(name, async http =>
            {
                if (Interlocked.Increment(ref asked) == 1)
                {
                    await Wait.UntilAbortedAsync(http);
                }
            });
        }

        rig.Route(RequestRig.ToService() with { Retry = s_on5xx with { On = RetryOn.Reset, BackoffBase = TimeSpan.Zero, PerTryTimeout = TimeSpan.FromMilliseconds(100) } });
        await rig.StartAsync();

        Task<string> answer = rig.Client().AskAsync("/");
        await Wait.UntilAsync(() => Volatile.Read(ref asked) == 1, "the first is asked");
        time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.Equal(1, Volatile.Read(ref asked));
        time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal("200", await answer);
        Assert.Equal(2, (await rig.LastAsync()).Attempts);
    }

    [Fact]
    public async Task PerTryTimeout_AllSlow_504()
    {
        await _rig.EndpointAsync("a", Wait.UntilAbortedAsync);
        _rig.Route(RequestRig.ToService() with { Retry = new RetryPolicy { Attempts = 1, On = RetryOn.GatewayError, PerTryTimeout = TimeSpan.FromMilliseconds(50), BackoffBase = TimeSpan.FromMilliseconds(1) } });
        await _rig.StartAsync();

        Assert.Equal("504 attempt-timeout the time for one attempt is over (attempt 2)", await _rig.Client().AskAsync("/"));
    }

    [Fact]
    public async Task Grpc_UnavailableInHeaders_IsRepeated()
    {
        int tries = 0;
        _rig.Serve(s => s with { Ports = [new ServicePort(80, 0, AppProtocol.Grpc)] });
        foreach (string name in (string[])["a", "b"])
        {
            await _rig.EndpointAsync(name, async http =>
            {
                http.Response.ContentType = "application/grpc";
                if (Interlocked.Increment(ref tries) == 1)
                {
                    http.Response.Headers["grpc-status"] = "14";
                    return;
                }

                await http.Response.Body.WriteAsync(new byte[] { 0, 0, 0, 0, 0 }, Stop);
                http.Response.AppendTrailer("grpc-status", "0");
            }, HttpProtocols.Http2);
        }

        _rig.Route(RequestRig.ToService() with { Retry = new RetryPolicy { Attempts = 2, On = RetryOn.GrpcUnavailable, BackoffBase = TimeSpan.FromMilliseconds(1) } });
        await _rig.StartAsync();
        TestClient client = _rig.Client(http2: true);
        ByteArrayContent content = new([0, 0, 0, 0, 0]);
        content.Headers.TryAddWithoutValidation("content-type", "application/grpc");

        using HttpResponseMessage answer = await client.SendAsync(client.Request(HttpMethod.Post, "/a/b", content, "te: trailers"));
        await answer.Content.ReadAsByteArrayAsync(Stop);

        Assert.Equal("0", answer.TrailingHeaders.GetValues("grpc-status").Single());
        Assert.Equal(2, tries);
    }

    [Fact]
    public async Task RefusedStream_Post_GoesToAnother()
    {
        _rig.Serve(s => s with { Ports = [new ServicePort(80, 0, AppProtocol.Http2)] });
        int tries = 0;
        foreach (string name in (string[])["a", "b", "c", "d", "e", "f"])
        {
            await _rig.EndpointAsync(name, http =>
            {
                // Five is more than the client of one connection repeats by itself.
                if (Interlocked.Increment(ref tries) <= 5)
                {
                    http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpResetFeature>()!.Reset(0x7);
                }

                return Task.CompletedTask;
            }, HttpProtocols.Http2);
        }

        await _rig.StartAsync();

        using HttpResponseMessage answer = await _rig.Client(http2: true).PostAsync("/", [1]);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static RequestDelegate Status(int status) => http =>
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    };
}
