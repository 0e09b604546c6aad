using System.Net.Sockets;
using Ambient.Core.Services;
using Ambient.Waypoint.Tests.Lab;
using Ambient.Waypoint.Tests.Requests.Rig;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Ambient.Waypoint.Tests.Requests;

/// <summary>Callers that mean harm: what they can tie up is bounded, and others do not notice.</summary>
public sealed class FloodTests : IAsyncDisposable
{
    private static readonly string[] s_get = [":method: GET", ":scheme: http", ":path: /", ":authority: orders.shop"];

    private readonly RequestRig _rig = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Headers_WithoutEnd_AreCutAndNeverForwarded()
    {
        TestUpstream endpoint = await StartAsync(static _ => Task.CompletedTask);
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_rig.Address(), Stop);
        await socket.SendAsync("GET / HTTP/1.1\r\nHost: orders.shop\r\nx-a: "u8.ToArray(), Stop);

        byte[] line = new byte[16 * 1024];
        Array.Fill(line, (byte)'a');
        long sent = 0;
        try
        {
            while (sent < 50_000_000)
            {
                sent += await socket.SendAsync(line, Stop);
            }
        }
        catch (SocketException)
        {
        }

        Assert.InRange(sent, 0, 8_000_000); // what the kernel's buffers hold, not what an attacker likes to send
        Assert.Equal(0, endpoint.Requests);
        await OthersAsync();
    }

    [Theory]
    [InlineData("many headers", "x-{0}: 1")]
    [InlineData("cookie crumbs", "cookie: a={0}")]
    public async Task Headers_Many_AreRefused(string what, string header)
    {
        TestUpstream endpoint = await StartAsync(static _ => Task.CompletedTask);
        using RawHttp2 raw = await RawHttp2.ConnectAsync(_rig.Address(http2: true));

        await raw.HeadersAsync(1, end: true, [.. s_get, .. Enumerable.Range(0, 500).Select(i => string.Format(System.Globalization.CultureInfo.InvariantCulture, header, i))]);

        Assert.True(await raw.EndOfAsync(1) is "431" or "RST_STREAM" or "GOAWAY" or "END", what);
        Assert.Equal(0, endpoint.Requests);
    }

    [Fact]
    public async Task Continuations_WithoutEnd_EndTheConnection()
    {
        TestUpstream endpoint = await StartAsync(static _ => Task.CompletedTask);
        using RawHttp2 raw = await RawHttp2.ConnectAsync(_rig.Address(http2: true));
        byte[] block = RawHttp2.Block([.. Enumerable.Range(0, 100).Select(i => $"x-{i}: {new string('a', 100)}")]);
        int frames = 0;
        try
        {
            await raw.SendAsync(0x1, 0x1, 1, RawHttp2.Block(s_get));
            for (; frames < 10_000; frames++)
            {
                await raw.SendAsync(0x9, 0, 1, block);
            }
        }
        catch (IOException)
        {
        }

        Assert.InRange(frames, 0, 5_000);
        Assert.Equal(0, endpoint.Requests);
        await OthersAsync();
    }

    [Fact]
    public async Task RapidReset_TenThousandStreams_LeavesNothingAndOthersAreServed()
    {
        int most = 0, now = 0;
        await StartAsync(async http =>
        {
            if (http.Request.Path == "/slow")
            {
                int at = Interlocked.Increment(ref now);
                most = Math.Max(most, at);
                await Wait.UntilAbortedAsync(http);
                Interlocked.Decrement(ref now);
            }
        });
        using RawHttp2 raw = await RawHttp2.ConnectAsync(_rig.Address(http2: true));
        byte[] head = RawHttp2.Block(":method: GET", ":scheme: http", ":path: /slow", ":authority: orders.shop");
        int streams = 0;
        try
        {
            for (; streams < 10_000; streams++)
            {
                await raw.SendAsync(0x1, 0x5, (2 * streams) + 1, head);
                await raw.SendAsync(0x3, 0, (2 * streams) + 1, [0, 0, 0, 8]);
            }
        }
        catch (IOException)
        {
        }

        await OthersAsync();
        await Wait.UntilAsync(() => _rig.Cluster.Gate.Active == 0 && Volatile.Read(ref now) == 0, "nothing is under way");
        Assert.InRange(most, 0, 1000);
        Assert.All(_rig.Cluster.State.Endpoints.Values, e => Assert.Equal(0, e.Pending));
    }

    [Fact]
    public async Task MadeYouReset_WindowUpdatesOfNothing_TieUpNoMoreThanTheStreamLimit()
    {
        int most = 0, now = 0;
        await StartAsync(async http =>
        {
            if (http.Request.Path == "/slow")
            {
                int at = Interlocked.Increment(ref now);
                most = Math.Max(most, at);
                await Wait.UntilAbortedAsync(http);
                Interlocked.Decrement(ref now);
            }
        });
        using RawHttp2 raw = await RawHttp2.ConnectAsync(_rig.Address(http2: true));
        byte[] head = RawHttp2.Block(":method: GET", ":scheme: http", ":path: /slow", ":authority: orders.shop");
        try
        {
            for (int i = 0; i < 5_000; i++)
            {
                await raw.SendAsync(0x1, 0x5, (2 * i) + 1, head);
                await raw.SendAsync(0x8, 0, (2 * i) + 1, [0, 0, 0, 0]);
            }
        }
        catch (IOException)
        {
        }

        await OthersAsync();
        await Wait.UntilAsync(() => _rig.Cluster.Gate.Active == 0 && Volatile.Read(ref now) == 0, "nothing is under way");
        Assert.InRange(most, 0, 400);
    }

    [Fact]
    public async Task ZeroWindow_HundredAnswers_HoldBackTheEndpointInsteadOfFillingMemory()
    {
        long written = 0;
        await StartAsync(async http =>
        {
            byte[] block = new byte[64 * 1024];
            for (int i = 0; i < 160 && http.Request.Path == "/big"; i++)
            {
                await http.Response.Body.WriteAsync(block, http.RequestAborted);
                Interlocked.Add(ref written, block.Length);
            }
        });
        using RawHttp2 raw = await RawHttp2.ConnectAsync(_rig.Address(http2: true));
        await raw.SendAsync(0x4, 0, 0, [0, 4, 0, 0, 0, 0]); // initial window: 0
        byte[] head = RawHttp2.Block(":method: GET", ":scheme: http", ":path: /big", ":authority: orders.shop");
        for (int i = 0; i < 100; i++)
        {
            await raw.SendAsync(0x1, 0x5, (2 * i) + 1, head);
        }

        await Wait.UntilAsync(() => _rig.Cluster.Gate.Active == 100, "all are under way");

        await Wait.UntilAsync(() => _rig.Dialer.Read > 0, "something was read");

        // Until nothing moves any more. The sockets' buffers are the kernel's: what was taken from them is held here.
        for (long before = -1, now; before != (now = _rig.Dialer.Read + Interlocked.Read(ref written)); before = now)
        {
            await Task.Delay(500, Stop);
        }

        Assert.InRange(_rig.Dialer.Read, 1, 8_000_000);
        await OthersAsync();
    }

    [Fact]
    public async Task SlowHead_PieceByPiece_IsGivenUp()
    {
        TestUpstream endpoint = await _rig.EndpointAsync("a", static _ => Task.CompletedTask);
        await _rig.StartAsync(kestrel => kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(1));

        string answer = await RawHttp1.AllAsync(_rig.Address(), "GET / HTTP/1.1\r\nHost: orders.shop\r\n");

        Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 408", StringComparison.Ordinal), answer);
        Assert.Equal(0, endpoint.Requests);
    }

    [Fact]
    public async Task BodyBreaksOff_TheEndpointSeesABrokenBodyNotAShortOne()
    {
        TaskCompletionSource<bool> whole = new();
        await StartAsync(async http =>
        {
            try
            {
                await http.Request.Body.CopyToAsync(Stream.Null, Stop);
                whole.SetResult(true);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                whole.SetResult(false);
            }
        });
        using (Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            await socket.ConnectAsync(_rig.Address(), Stop);
            await socket.SendAsync("POST / HTTP/1.1\r\nHost: orders.shop\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"u8.ToArray(), Stop);
            await Wait.UntilAsync(() => _rig.Cluster.Gate.Active == 1, "it is under way");
            await Task.Delay(100, Stop);
        }

        Assert.False(await whole.Task.WaitAsync(Stop));
        await Wait.UntilAsync(() => _rig.Cluster.Gate.Active == 0, "it is over");
    }

    [Theory]
    [InlineData("zz\r\nhello\r\n")]
    [InlineData("ffffffffffffffff\r\nhello\r\n")]
    [InlineData("5\nhello\r\n0\r\n\r\n")]
    public async Task BadChunks_Are400OrCut_AndTheConnectionIsNotUsedAgain(string chunks)
    {
        await StartAsync(async http => await http.Request.Body.CopyToAsync(Stream.Null, Stop));

        string answer = await RawHttp1.AllAsync(
            _rig.Address(), "POST / HTTP/1.1\r\nHost: orders.shop\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks
                + "GET /admin HTTP/1.1\r\nHost: orders.shop\r\n\r\n");

        Assert.DoesNotContain("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.DoesNotContain(_rig.Records, r => r.Path == "/admin");
    }

    private async Task<TestUpstream> StartAsync(RequestDelegate handle)
    {
        _rig.Serve(s => s with { Ports = [new ServicePort(80, 0, AppProtocol.Http11)] });
        TestUpstream endpoint = await _rig.EndpointAsync("a", handle, HttpProtocols.Http1);
        await _rig.StartAsync();
        return endpoint;
    }

    // Another caller is served meanwhile and afterwards.
    private async Task OthersAsync()
    {
        TestClient other = _rig.Client();
        for (int i = 0; i < 5; i++)
        {
            Assert.StartsWith("200", await other.AskAsync("/"), StringComparison.Ordinal);
        }
    }
}
