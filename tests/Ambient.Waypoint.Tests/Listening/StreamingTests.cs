using System.Net;
using System.Net.WebSockets;
using System.Text;
using Ambient.Core.Services;
using Ambient.Waypoint.Tests.Lab;
using Ambient.Waypoint.Upstreams;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Ambient.Waypoint.Tests.Listening;

/// <summary>What goes on for longer than a question and its answer.</summary>
public sealed class StreamingTests : IAsyncDisposable
{
    private readonly TestMesh _mesh = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();

    [Fact]
    public async Task Http2_BothWaysAtOnceWithTrailers_EveryPieceArrivesAlone()
    {
        HttpMessageInvoker client = await ClientAsync(AppProtocol.Grpc, HttpProtocols.Http2, async http =>
        {
            http.Response.ContentType = "application/grpc";
            http.Response.DeclareTrailer("grpc-status");
            await http.Response.StartAsync();
            byte[] buffer = new byte[100];
            int n;
            while ((n = await http.Request.Body.ReadAsync(buffer)) > 0)
            {
                await http.Response.Body.WriteAsync(buffer.AsMemory(0, n));
                await http.Response.Body.FlushAsync();
            }

            http.Response.AppendTrailer("grpc-status", "0");
        });
        var pipe = new System.IO.Pipelines.Pipe();
        var pieces = new StreamContent(pipe.Reader.AsStream());
        pieces.Headers.TryAddWithoutValidation("content-type", "application/grpc");
        using HttpRequestMessage request = Post(new FlushingContent(pieces));
        request.Headers.TryAddWithoutValidation("te", "trailers");

        await pipe.Writer.WriteAsync("first"u8.ToArray(), Ct);
        using HttpResponseMessage answer = await client.SendAsync(request, Ct);
        Stream body = await answer.Content.ReadAsStreamAsync(Ct);
        Assert.Equal("first", await body.ReadUntilAsync("first", Ct));
        await pipe.Writer.WriteAsync("second"u8.ToArray(), Ct);
        Assert.Equal("second", await body.ReadUntilAsync("second", Ct));
        await pipe.Writer.CompleteAsync();
        Assert.Equal("", await body.ReadToEndAsync(Ct));

        Assert.Equal(HttpVersion.Version20, answer.Version);
        Assert.Equal("0", Assert.Single(answer.TrailingHeaders.GetValues("grpc-status")));
    }

    [Fact]
    public async Task Http1_ServerSentEvents_EachArrivesWhenItIsSent()
    {
        var next = new SemaphoreSlim(0);
        HttpMessageInvoker client = await ClientAsync(AppProtocol.Http11, HttpProtocols.Http1, async http =>
        {
            http.Response.ContentType = "text/event-stream";
            for (int i = 0; i < 3; i++)
            {
                await http.Response.WriteAsync($"data: {i}\n\n");
                await http.Response.Body.FlushAsync();
                await next.WaitAsync();
            }
        });

        using HttpResponseMessage answer = await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, "http://orders/events"), Ct);
        Stream body = await answer.Content.ReadAsStreamAsync(Ct);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal($"data: {i}\n\n", await body.ReadUntilAsync("\n\n", Ct));
            next.Release();
        }

        Assert.Equal("", await body.ReadToEndAsync(Ct));
    }

    [Theory]
    [InlineData(AppProtocol.Http11, HttpProtocols.Http1, "1.1")]
    [InlineData(AppProtocol.Http2, HttpProtocols.Http2, "2.0")]
    public async Task WebSocket_OverEitherVersion_EchoesAndCloses(AppProtocol protocol, HttpProtocols server, string version)
    {
        HttpMessageInvoker client = await ClientAsync(protocol, server, async http =>
        {
            using WebSocket accepted = await http.WebSockets.AcceptWebSocketAsync();
            byte[] buffer = new byte[100];
            while (true)
            {
                WebSocketReceiveResult got = await accepted.ReceiveAsync(buffer, CancellationToken.None);
                if (got.MessageType == WebSocketMessageType.Close)
                {
                    await accepted.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", CancellationToken.None);
                    return;
                }

                await accepted.SendAsync(buffer.AsMemory(0, got.Count), got.MessageType, got.EndOfMessage, CancellationToken.None);
            }
        });
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = Version.Parse(version);
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;

        await socket.ConnectAsync(new Uri("ws://orders/socket"), client, Ct);
        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, Ct);
        byte[] answer = new byte[100];
        ValueWebSocketReceiveResult got = await socket.ReceiveAsync(answer.AsMemory(), Ct);
        Assert.Equal("hello", Encoding.UTF8.GetString(answer, 0, got.Count));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", Ct);

        Assert.Equal("bye", socket.CloseStatusDescription);
    }

    [Fact]
    public async Task Expect100_AppAnswersBeforeReading_BodyIsNeverSent()
    {
        // Clients send small bodies whatever the answer, to keep the connection.
        bool sent = false;
        HttpMessageInvoker client = await ClientAsync(AppProtocol.Http11, HttpProtocols.Http1, http =>
        {
            http.Response.StatusCode = 403;
            return Task.CompletedTask;
        });
        (await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, "http://orders/warm"), Ct)).Dispose();
        using HttpRequestMessage request = Post(new TellingContent(() => sent = true));
        request.Headers.ExpectContinue = true;

        using HttpResponseMessage answer = await client.SendAsync(request, Ct);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.False(sent);
    }

    [Fact]
    public async Task Expect100_AppReads_BodyArrives()
    {
        HttpMessageInvoker client = await ClientAsync(AppProtocol.Http11, HttpProtocols.Http1, async http =>
            await http.Response.WriteAsync(await new StreamReader(http.Request.Body).ReadToEndAsync()));
        using HttpRequestMessage request = Post(new StringContent("the body"));
        request.Headers.ExpectContinue = true;

        using HttpResponseMessage answer = await client.SendAsync(request, Ct);

        Assert.Equal("the body", await answer.Content.ReadAsStringAsync(Ct));
    }

    [Theory]
    [InlineData(AppProtocol.Http11, HttpProtocols.Http1)]
    [InlineData(AppProtocol.Http2, HttpProtocols.Http2)]
    public async Task LargeBodies_BothWays_ArriveWhole(AppProtocol protocol, HttpProtocols server)
    {
        const long size = 100_000_000;
        HttpMessageInvoker client = await ClientAsync(protocol, server, async http =>
        {
            long got = 0;
            byte[] buffer = new byte[64 * 1024];
            int n;
            while ((n = await http.Request.Body.ReadAsync(buffer)) > 0)
            {
                got += n;
            }

            http.Response.Headers["x-got"] = got.ToString(System.Globalization.CultureInfo.InvariantCulture);
            for (long left = size; left > 0; left -= buffer.Length)
            {
                await http.Response.Body.WriteAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)));
            }
        });
        using HttpRequestMessage request = Post(new StreamContent(new CountedStream(size)));

        using HttpResponseMessage answer = await client.SendAsync(request, Ct);
        var into = new CountedStream(0);
        await answer.Content.CopyToAsync(into, Ct);

        Assert.Equal("100000000", Assert.Single(answer.Headers.GetValues("x-got")));
        Assert.Equal(size, into.Written);
    }

    [Theory]
    [InlineData(AppProtocol.Http11, HttpProtocols.Http1)]
    [InlineData(AppProtocol.Http2, HttpProtocols.Http2)]
    public async Task Upload_AppDoesNotRead_ClientIsHeldBack(AppProtocol protocol, HttpProtocols server)
    {
        var read = new TaskCompletionSource();
        HttpMessageInvoker client = await ClientAsync(protocol, server, async http =>
        {
            await read.Task;
            await http.Request.Body.CopyToAsync(Stream.Null);
        });
        var body = new CountedStream(200_000_000);
        using HttpRequestMessage request = Post(new StreamContent(body));
        Task<HttpResponseMessage> sending = client.SendAsync(request, Ct);

        while (body.Taken == 0)
        {
            await Task.Delay(20, Ct);
        }

        // Until nothing moves any more: what is between is the windows and the sockets' buffers.
        for (long before = -1; before != body.Taken;)
        {
            before = body.Taken;
            await Task.Delay(500, Ct);
        }

        Assert.InRange(body.Taken, 1, 60_000_000);
        read.SetResult();
        using HttpResponseMessage answer = await sending;
        Assert.Equal(200_000_000, body.Taken);
    }

    private static HttpRequestMessage Post(HttpContent content) => new(HttpMethod.Post, "http://orders/") { Content = content };

    private async Task<HttpMessageInvoker> ClientAsync(AppProtocol protocol, HttpProtocols server, RequestDelegate app)
    {
        MeshService orders = _mesh.Service("orders", protocol);
        await _mesh.Pod("orders-1", orders).ServeAsync(app, server);
        TestPod client = _mesh.Pod("client");
        HttpMessageInvoker invoker = client.Client(await _mesh.WaypointAsync(), $"{orders.Addresses[0].Address}:80");
        return server == HttpProtocols.Http2 ? new HttpMessageInvoker(new AsHttp2(invoker)) : invoker;
    }

    private sealed class AsHttp2(HttpMessageInvoker inner) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Version = HttpVersion.Version20;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
            return inner.SendAsync(request, cancellationToken);
        }
    }

    private sealed class TellingContent(Action told) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            told();
            return stream.WriteAsync(new byte[10_000]).AsTask();
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 10_000;
            return true;
        }
    }
}
