using System.IO.Pipelines;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using Ambient.Core.Services;
using Ambient.Testing;
using Ambient.Waypoint.Tests.Lab;
using Microsoft.AspNetCore.Http;
using static Ambient.Testing.GrpcFrames;

namespace Ambient.Waypoint.Tests.Listening;

/// <summary>What goes on for longer than a question and its answer, through two proxies: waypoint and waypoint, or gateway and waypoint.</summary>
public sealed class TwoInARowTests : IAsyncDisposable
{
    private readonly TwoInARow _two = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _two.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Grpc_Unary_MessageAndTrailersArrive(bool throughGateway)
    {
        HttpMessageInvoker client = await _two.ClientAsync(throughGateway, AppProtocol.Grpc, async http =>
        {
            byte[] question = await MessageAsync(http.Request.Body);
            http.Response.ContentType = "application/grpc";
            http.Response.DeclareTrailer("grpc-status");
            await http.Response.Body.WriteAsync(Framed([.. question, .. "!"u8]));
            http.Response.AppendTrailer("grpc-status", "0");
            http.Response.AppendTrailer("grpc-message", "fine");
        });

        using HttpResponseMessage answer = await client.SendAsync(Grpc(new ByteArrayContent(Framed("order 7"u8))), Ct);
        Stream body = await answer.Content.ReadAsStreamAsync(Ct);
        byte[] message = await MessageAsync(body);

        Assert.Equal("", await body.ReadToEndAsync(Ct));
        Assert.Equal("order 7!", Encoding.UTF8.GetString(message));
        Assert.Equal("0", Assert.Single(answer.TrailingHeaders.GetValues("grpc-status")));
        Assert.Equal("fine", Assert.Single(answer.TrailingHeaders.GetValues("grpc-message")));
        Assert.Equal(_two.SecondsCaller, Assert.Single(_two.Pod.Connects).Header("ambient-caller"));
        await BothSawAsync("POST");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Grpc_TrailersOnly_StatusArrives(bool throughGateway)
    {
        HttpMessageInvoker client = await _two.ClientAsync(throughGateway, AppProtocol.Grpc, http =>
        {
            http.Response.ContentType = "application/grpc";
            http.Response.Headers["grpc-status"] = "5";
            http.Response.Headers["grpc-message"] = "no such order";
            return Task.CompletedTask;
        });

        using HttpResponseMessage answer = await client.SendAsync(Grpc(new ByteArrayContent(Framed("order 8"u8))), Ct);
        await answer.Content.CopyToAsync(Stream.Null, Ct);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("5", Assert.Single(answer.Headers.GetValues("grpc-status")));
        Assert.Equal("no such order", Assert.Single(answer.Headers.GetValues("grpc-message")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Grpc_ServerStreams_EachMessageArrivesWhenItIsSent(bool throughGateway)
    {
        var next = new SemaphoreSlim(0);
        HttpMessageInvoker client = await _two.ClientAsync(throughGateway, AppProtocol.Grpc, async http =>
        {
            await MessageAsync(http.Request.Body);
            http.Response.ContentType = "application/grpc";
            http.Response.DeclareTrailer("grpc-status");
            for (int i = 0; i < 5; i++)
            {
                await http.Response.Body.WriteAsync(Framed(Encoding.UTF8.GetBytes($"part {i}")));
                await http.Response.Body.FlushAsync();
                await next.WaitAsync();
            }

            http.Response.AppendTrailer("grpc-status", "0");
        });

        using HttpResponseMessage answer = await client.SendAsync(Grpc(new ByteArrayContent(Framed("all"u8))), Ct);
        Stream body = await answer.Content.ReadAsStreamAsync(Ct);
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal($"part {i}", Encoding.UTF8.GetString(await MessageAsync(body)));
            next.Release();
        }

        Assert.Equal("", await body.ReadToEndAsync(Ct));
        Assert.Equal("0", Assert.Single(answer.TrailingHeaders.GetValues("grpc-status")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Grpc_BothStream_EveryMessageIsAnsweredBeforeTheNextIsSent(bool throughGateway)
    {
        HttpMessageInvoker client = await _two.ClientAsync(throughGateway, AppProtocol.Grpc, async http =>
        {
            http.Response.ContentType = "application/grpc";
            http.Response.DeclareTrailer("grpc-status");
            await http.Response.Body.FlushAsync();
            byte[] message;
            while ((message = await MessageAsync(http.Request.Body)).Length > 0)
            {
                await http.Response.Body.WriteAsync(Framed(message));
                await http.Response.Body.FlushAsync();
            }

            http.Response.AppendTrailer("grpc-status", "0");
        });
        var pipe = new Pipe();

        using HttpResponseMessage answer = await client.SendAsync(Grpc(GrpcFrames.Piecewise(pipe.Reader)), Ct);
        Stream body = await answer.Content.ReadAsStreamAsync(Ct);
        for (int i = 0; i < 20; i++)
        {
            await pipe.Writer.WriteAsync(Framed(Encoding.UTF8.GetBytes($"message {i}")), Ct);
            Assert.Equal($"message {i}", Encoding.UTF8.GetString(await MessageAsync(body)));
        }

        await pipe.Writer.CompleteAsync();
        Assert.Equal("", await body.ReadToEndAsync(Ct));
        Assert.Equal("0", Assert.Single(answer.TrailingHeaders.GetValues("grpc-status")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Grpc_CallerCancels_AppIsTold(bool throughGateway)
    {
        var asked = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        HttpMessageInvoker client = await _two.ClientAsync(throughGateway, AppProtocol.Grpc, async http =>
        {
            http.Response.ContentType = "application/grpc";
            await http.Response.Body.FlushAsync();
            http.RequestAborted.Register(ended.SetResult);
            asked.SetResult();
            await ended.Task;
        });
        using (HttpResponseMessage answer = await client.SendAsync(Grpc(new ByteArrayContent(Framed("all"u8))), Ct))
        {
            await answer.Content.ReadAsStreamAsync(Ct);
            await asked.Task.WaitAsync(Ct);
        }

        await ended.Task.WaitAsync(Ct);
    }

    [Theory]
    [InlineData(false, AppProtocol.Http11, "1.1")]
    [InlineData(false, AppProtocol.Http2, "2.0")]
    [InlineData(true, AppProtocol.Http11, "1.1")]
    [InlineData(true, AppProtocol.Http2, "2.0")]
    public async Task WebSocket_OverEitherVersion_EchoesAndCloses(bool throughGateway, AppProtocol protocol, string version)
    {
        HttpMessageInvoker client = await _two.ClientAsync(throughGateway, protocol, async http =>
        {
            using WebSocket accepted = await http.WebSockets.AcceptWebSocketAsync();
            byte[] buffer = new byte[100];
            WebSocketReceiveResult got;
            while ((got = await accepted.ReceiveAsync(buffer, CancellationToken.None)).MessageType != WebSocketMessageType.Close)
            {
                await accepted.SendAsync(buffer.AsMemory(0, got.Count), got.MessageType, got.EndOfMessage, CancellationToken.None);
            }

            await accepted.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", CancellationToken.None);
        });
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = Version.Parse(version);
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;

        await socket.ConnectAsync(new Uri("ws://orders/socket"), client, Ct);
        byte[] answer = new byte[100];
        for (int i = 0; i < 10; i++)
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes($"word {i}"), WebSocketMessageType.Text, true, Ct);
            ValueWebSocketReceiveResult got = await socket.ReceiveAsync(answer.AsMemory(), Ct);
            Assert.Equal($"word {i}", Encoding.UTF8.GetString(answer, 0, got.Count));
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", Ct);
        Assert.Equal("bye", socket.CloseStatusDescription);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ServerSentEvents_EachArrivesWhenItIsSent(bool throughGateway)
    {
        var next = new SemaphoreSlim(0);
        HttpMessageInvoker client = await _two.ClientAsync(throughGateway, AppProtocol.Http11, async http =>
        {
            http.Response.ContentType = "text/event-stream";
            for (int i = 0; i < 5; i++)
            {
                await http.Response.WriteAsync($"data: {i}\n\n");
                await http.Response.Body.FlushAsync();
                await next.WaitAsync();
            }
        });

        using HttpResponseMessage answer = await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, "http://orders/events"), Ct);
        Stream body = await answer.Content.ReadAsStreamAsync(Ct);
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal($"data: {i}\n\n", await body.ReadUntilAsync("\n\n", Ct));
            next.Release();
        }

        Assert.Equal("", await body.ReadToEndAsync(Ct));
        await BothSawAsync("GET");
    }

    [Theory]
    [InlineData(false, AppProtocol.Http11)]
    [InlineData(false, AppProtocol.Http2)]
    [InlineData(true, AppProtocol.Http11)]
    [InlineData(true, AppProtocol.Http2)]
    public async Task LargeBodies_BothWays_ArriveWhole(bool throughGateway, AppProtocol protocol)
    {
        const long size = 50_000_000;
        HttpMessageInvoker client = await _two.ClientAsync(throughGateway, protocol, async http =>
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

        using HttpResponseMessage answer = await client.SendAsync(Post(new StreamContent(new CountedStream(size))), Ct);
        var into = new CountedStream(0);
        await answer.Content.CopyToAsync(into, Ct);

        Assert.Equal("50000000", Assert.Single(answer.Headers.GetValues("x-got")));
        Assert.Equal(size, into.Written);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Upload_AppDoesNotRead_ClientIsHeldBack(bool throughGateway)
    {
        var read = new TaskCompletionSource();
        HttpMessageInvoker client = await _two.ClientAsync(throughGateway, AppProtocol.Http11, async http =>
        {
            await read.Task;
            await http.Request.Body.CopyToAsync(Stream.Null);
        });
        var body = new CountedStream(300_000_000);
        Task<HttpResponseMessage> sending = client.SendAsync(Post(new StreamContent(body)), Ct);

        // Until nothing moves any more: what is between is the windows and the sockets' buffers of three hops.
        for (long before = -1; before != body.Taken;)
        {
            before = body.Taken;
            await Task.Delay(500, Ct);
        }

        Assert.InRange(body.Taken, 1, 100_000_000);
        read.SetResult();
        using HttpResponseMessage answer = await sending;
        Assert.Equal(300_000_000, body.Taken);
    }

    private static HttpRequestMessage Post(HttpContent content) => new(HttpMethod.Post, "http://orders/") { Content = content };

    private static HttpRequestMessage Grpc(HttpContent content) => GrpcFrames.Call("http://orders/", content);

    // Lines of requests come a moment after their answers.
    private async Task BothSawAsync(string method)
    {
        for (int i = 0; i < 500 && Count() < 2; i++)
        {
            await Task.Delay(20, Ct);
        }

        Assert.Equal(2, Count());
        int Count() => _two.AccessLog.Count(l => l.Contains(method, StringComparison.Ordinal));
    }
}
