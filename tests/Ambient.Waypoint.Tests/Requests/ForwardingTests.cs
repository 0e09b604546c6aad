using System.Net;
using System.Text;
using Ambient.Core.Gateways;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Waypoint.Requests;
using Ambient.Waypoint.Tests.Lab;
using Ambient.Waypoint.Tests.Requests.Rig;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Ambient.Waypoint.Tests.Requests;

public sealed class ForwardingTests : IAsyncDisposable
{
    private readonly RequestRig _rig = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Theory]
    [InlineData(false, HttpProtocols.Http1)]
    [InlineData(true, HttpProtocols.Http1)]
    [InlineData(false, HttpProtocols.Http2)]
    [InlineData(true, HttpProtocols.Http2)]
    public async Task Request_NoRoutes_ReachesTheServiceAsItWas(bool http2, HttpProtocols endpoint)
    {
        _rig.Serve(s => s with { Ports = [new ServicePort(80, 0, endpoint == HttpProtocols.Http2 ? AppProtocol.Http2 : AppProtocol.Http11)] });
        await _rig.EndpointAsync("a", Echo, endpoint);
        await _rig.StartAsync();

        using HttpResponseMessage answer = await _rig.Client(http2).PostAsync("/a%20b/c?x=1&y=%2f", "hello"u8.ToArray(), "x-one: 1", "x-one: 2", "cookie: a=b");
        string text = await answer.Content.ReadAsStringAsync(Stop);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.StartsWith("POST /a%20b/c?x=1&y=%2f hello\n", text, StringComparison.Ordinal);
        Assert.Contains("\nhost: orders.shop\n", text, StringComparison.Ordinal);
        Assert.Contains("\nx-one: 1, 2\n", text.Replace("1,2", "1, 2", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("\nx-forwarded-for: 10.0.0.9\n", text, StringComparison.Ordinal);
        Assert.Contains("\nx-forwarded-client-cert: By=spiffe://cluster.local/ns/shop/sa/waypoint;URI=spiffe://cluster.local/ns/shop/sa/client\n", text, StringComparison.Ordinal);
        Assert.Contains("\nx-envoy-attempt-count: 1\n", text, StringComparison.Ordinal);
        RequestRecord record = await _rig.LastAsync();
        Assert.Equal((200, 1, 5L, ResponseFlags.None, (long)text.Length), (record.Status, record.Attempts, record.RequestBytes, record.Flags, record.ResponseBytes));
        Assert.Equal("a", record.Endpoint?.Name);
    }

    [Fact]
    public async Task Headers_OfHopsAndOfOurs_DoNotPass()
    {
        await _rig.EndpointAsync("a", http =>
        {
            http.Response.Headers["ambient-reason"] = "forged";
            http.Response.Headers["x-answer"] = "1";
            return Echo(http);
        });
        await _rig.StartAsync();

        using HttpResponseMessage answer = await _rig.Client().GetAsync(
            "/", "keep-alive: 1", "proxy-authorization: x", "te: gzip", "ambient-caller: spiffe://x/ns/a/sa/b",
            "x-forwarded-client-cert: By=me", "x-forwarded-for: 1.2.3.4", "ambient_caller: x", "x_forwarded_for: 9.9.9.9", "under_score: stays");
        string text = await answer.Content.ReadAsStringAsync(Stop);

        foreach (string gone in (string[])["keep-alive", "proxy-authorization", "\nte:", "ambient", "By=me", "x_forwarded"])
        {
            Assert.DoesNotContain(gone, text, StringComparison.Ordinal);
        }

        Assert.Contains("\nunder_score: stays\n", text, StringComparison.Ordinal);
        Assert.Contains("\nx-forwarded-for: 1.2.3.4, 10.0.0.9\n", text, StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("ambient-reason"));
        Assert.Equal("1", answer.Headers.GetValues("x-answer").Single());
    }

    [Fact]
    public async Task GatewayHeaders_FromOutside_LoseEnvoysControlsAndUnderscores()
    {
        _rig.Connection = c => c with { Caller = Core.Identity.PeerIdentity.Plaintext, Listener = "http", Service = null, IsTls = true };
        _rig.Apply(new Core.MeshUpdate
        {
            Resources =
            [
                new GatewayConfig
                {
                    Name = new Core.NamespacedName("shop", "waypoint"),
                    ServiceAccount = new Core.NamespacedName("shop", "waypoint"),
                    Listeners = [new GatewayListener { Owner = new Core.NamespacedName("shop", "waypoint"), Name = "http", Port = 80, Protocol = ListenerProtocol.Http }],
                },
                new RouteTable
                {
                    Host = "*",
                    Scope = RouteScope.Gateway,
                    Gateway = new Core.NamespacedName("shop", "waypoint"),
                    Listener = "http",
                    Http = [RequestRig.ToService()],
                },
            ],
        });
        await _rig.EndpointAsync("a", Echo);
        await _rig.StartAsync();

        using HttpResponseMessage answer = await _rig.Client().GetAsync(
            "/", "x-envoy-expected-rq-timeout-ms: 1", "x-envoy-retry-on: 5xx", "under_score: goes", "x-forwarded-client-cert: By=me", "x-forwarded-proto: http");
        string text = await answer.Content.ReadAsStringAsync(Stop);

        Assert.DoesNotContain("x-envoy-retry", text, StringComparison.Ordinal);
        Assert.DoesNotContain("timeout", text, StringComparison.Ordinal);
        Assert.DoesNotContain("under_score", text, StringComparison.Ordinal);
        Assert.DoesNotContain("client-cert", text, StringComparison.Ordinal);
        Assert.Contains("\nx-forwarded-proto: https\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trailers_OfGrpc_PassAndAreNoted()
    {
        _rig.Serve(s => s with { Ports = [new ServicePort(80, 0, AppProtocol.Grpc)] });
        await _rig.EndpointAsync("a", async http =>
        {
            http.Response.ContentType = "application/grpc";
            await http.Response.Body.WriteAsync(new byte[] { 0, 0, 0, 0, 2, 1, 2, 0, 0, 0, 0, 0 }, Stop);
            http.Response.AppendTrailer("grpc-status", "5");
        }, HttpProtocols.Http2);
        await _rig.StartAsync();
        TestClient client = _rig.Client(http2: true);
        ByteArrayContent message = new([0, 0, 0, 0, 1, 9]);
        message.Headers.TryAddWithoutValidation("content-type", "application/grpc");

        using HttpResponseMessage answer = await client.SendAsync(client.Request(HttpMethod.Post, "/shop.Orders/Get", message, "te: trailers"));
        await answer.Content.ReadAsByteArrayAsync(Stop);

        Assert.Equal("5", answer.TrailingHeaders.GetValues("grpc-status").Single());
        RequestRecord record = await _rig.LastAsync();
        Assert.Equal((5, 1L, 2L), (record.GrpcStatus, record.RequestMessages, record.ResponseMessages));
    }

    [Fact]
    public async Task ServerSentEvents_QuietAtFirst_HeadersComeAtOnceAndEventsOneByOne()
    {
        TaskCompletionSource go = new();
        await _rig.EndpointAsync("a", async http =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.Body.FlushAsync(Stop);
            await go.Task;
            await http.Response.WriteAsync("data: 1\n\n", Stop);
            await http.Response.Body.FlushAsync(Stop);
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        });
        await _rig.StartAsync();

        using HttpResponseMessage answer = await _rig.Client().GetAsync("/events");
        Stream stream = await answer.Content.ReadAsStreamAsync(Stop);
        go.SetResult();
        byte[] buffer = new byte[100];
        int read = await stream.ReadAsync(buffer, Stop);

        Assert.Equal("data: 1\n\n", Encoding.ASCII.GetString(buffer, 0, read));
    }

    [Fact]
    public async Task Upload_InPieces_EachArrivesBeforeTheNextIsSent()
    {
        _rig.Serve(s => s with { Ports = [new ServicePort(80, 0, AppProtocol.Http2)] });
        await _rig.EndpointAsync("a", async http =>
        {
            byte[] buffer = new byte[100];
            int read;
            while ((read = await http.Request.Body.ReadAsync(buffer, Stop)) > 0)
            {
                await http.Response.Body.WriteAsync(buffer.AsMemory(0, read), Stop);
                await http.Response.Body.FlushAsync(Stop);
            }
        }, HttpProtocols.Http2);
        await _rig.StartAsync();
        TestClient client = _rig.Client(http2: true);
        PiecewiseContent content = new();

        Task<HttpResponseMessage> sending = client.SendAsync(client.Request(HttpMethod.Post, "/", content));
        await content.WriteAsync("one");
        using HttpResponseMessage answer = await sending;
        Stream back = await answer.Content.ReadAsStreamAsync(Stop);
        byte[] piece = new byte[3];
        foreach (string word in (string[])["one", "two"])
        {
            if (word == "two")
            {
                await content.WriteAsync(word);
            }

            await back.ReadExactlyAsync(piece, Stop);
            Assert.Equal(word, Encoding.ASCII.GetString(piece));
        }

        content.End();
        Assert.Equal(0, await back.ReadAsync(piece, Stop));
    }

    [Fact]
    public async Task AnswerBeforeTheBody_SameConnection_TheNextRequestKeepsItsOwnBody()
    {
        System.Collections.Concurrent.ConcurrentQueue<string> bodies = new();
        _rig.Serve(s => s with { Ports = [new ServicePort(80, 0, AppProtocol.Http2)] });
        await _rig.EndpointAsync("a", async http =>
        {
            if (http.Request.Path == "/second")
            {
                bodies.Enqueue(await new StreamReader(http.Request.Body).ReadToEndAsync(Stop));
            }

            await http.Response.WriteAsync("early", Stop);
        }, HttpProtocols.Http2);
        await _rig.StartAsync();
        using RawHttp1 raw = await RawHttp1.ConnectAsync(_rig.Address());

        for (int i = 0; i < 20; i++)
        {
            await raw.SendAsync($"POST /first HTTP/1.1\r\nHost: orders.shop\r\nContent-Length: 50000\r\n\r\n{new string('f', 100)}");
            string first = await raw.AnswerAsync();
            Assert.StartsWith("HTTP/1.1 200 OK", first, StringComparison.Ordinal);
            await raw.SendAsync(new string('f', 49_900) + $"POST /second HTTP/1.1\r\nHost: orders.shop\r\nContent-Length: 8\r\n\r\nsecond{i:00}");
            string second = await raw.AnswerAsync();
            Assert.StartsWith("HTTP/1.1 200 OK", second, StringComparison.Ordinal);
        }

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"second{i:00}"), bodies);
    }

    [Fact]
    public async Task NoEndpoints_Request_503WithReasonAndFlag()
    {
        await _rig.StartAsync();

        Assert.Equal("503 no-healthy-endpoint service shop/orders.shop port 80 has no endpoints", await _rig.Client().AskAsync("/"));
        Assert.Equal(ResponseFlags.NoHealthyUpstream, (await _rig.LastAsync()).Flags);
    }

    [Fact]
    public async Task Grpc_OwnAnswer_IsHeadersWithAStatus()
    {
        await _rig.StartAsync();
        TestClient client = _rig.Client(http2: true);

        using HttpResponseMessage answer = await client.SendAsync(client.Request(HttpMethod.Post, "/a/b", null, "content-type: application/grpc", "te: trailers"));
        ByteArrayContent body = new([]);
        body.Headers.TryAddWithoutValidation("content-type", "application/grpc");
        using HttpResponseMessage grpc = await client.SendAsync(client.Request(HttpMethod.Post, "/a/b", body, "te: trailers"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode); // its content-type was never sent
        Assert.Equal(HttpStatusCode.OK, grpc.StatusCode);
        Assert.Equal("14", grpc.Headers.GetValues("grpc-status").Single());
        Assert.Equal("no-healthy-endpoint", grpc.Headers.GetValues("ambient-reason").Single());
        Assert.Empty(await grpc.Content.ReadAsByteArrayAsync(Stop));
    }

    internal static async Task Echo(HttpContext http)
    {
        string body = await new StreamReader(http.Request.Body).ReadToEndAsync(Stop);
        string target = http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
        StringBuilder text = new($"{http.Request.Method} {target} {body}\n");
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in http.Request.Headers.OrderBy(h => h.Key, StringComparer.OrdinalIgnoreCase))
        {
            text.Append($"{name.ToLowerInvariant()}: {values}\n");
        }

        await http.Response.WriteAsync(text.ToString(), Stop);
    }
}
