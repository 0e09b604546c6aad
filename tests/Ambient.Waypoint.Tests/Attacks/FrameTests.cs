using Ambient.Waypoint.Tests.Lab;
using Ambient.Waypoint.Tests.Requests.Rig;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Ambient.Waypoint.Tests.Attacks;

/// <summary>HTTP/2 of callers who mean harm, through the tunnel of a real waypoint. Bounded in count; somebody else is served meanwhile.</summary>
public sealed class FrameTests
{
    private static readonly string[] s_get = [":method: GET", ":scheme: http", ":path: /", ":authority: orders"];

    /// <summary>What it is; the frame that is sent again and again; whether it must end the connection, as what it costs others does not.</summary>
    public static TheoryData<string, byte[], bool> Floods => new()
    {
        { "PING", RawHttp2.Frame(0x6, 0, 0, new byte[8]), false },
        { "SETTINGS", RawHttp2.Frame(0x4, 0, 0, []), false },
        { "SETTINGS of windows", RawHttp2.Frame(0x4, 0, 0, [0, 4, 0, 1, 0, 0]), false },
        { "PRIORITY", RawHttp2.Frame(0x2, 0, 1, [0, 0, 0, 3, 16]), false },
        { "WINDOW_UPDATE", RawHttp2.Frame(0x8, 0, 0, [0, 0, 0, 1]), false },
        { "unknown frames", RawHttp2.Frame(0xbb, 0, 0, new byte[16]), false },
        { "RST_STREAM of idle streams", RawHttp2.Frame(0x3, 0, 99, [0, 0, 0, 8]), true },
        { "DATA of idle streams", RawHttp2.Frame(0x0, 0, 99, []), true },
    };

    [Theory]
    [MemberData(nameof(Floods))]
    public async Task Flood_OfFrames_HoldsUpNobody(string what, byte[] frame, bool ends)
    {
        await using AttackedMesh mesh = await AttackedMesh.StartAsync();
        await using Stream stream = await mesh.ConnectAsync();
        RawHttp2 raw = await RawHttp2.GreetAsync(stream);

        Task<long> flood = raw.FloodAsync(frame, 100_000);
        await mesh.OthersAsync();
        long taken = await flood;

        string end = ends ? await raw.EndOfAsync(1) : "GOAWAY";
        Assert.True(end is "GOAWAY" or "END", $"{what}: {taken} were taken, then {end}");
        Assert.Empty(mesh.Seen);
        await mesh.OthersAsync();
    }

    [Fact]
    public async Task Continuations_WithoutEnd_EndTheConnection()
    {
        await using AttackedMesh mesh = await AttackedMesh.StartAsync();
        await using Stream stream = await mesh.ConnectAsync();
        RawHttp2 raw = await RawHttp2.GreetAsync(stream);
        await raw.SendAsync(0x1, 0x1, 1, RawHttp2.Block(s_get));

        long taken = await raw.FloodAsync(RawHttp2.Frame(0x9, 0, 1, RawHttp2.Block("x-a: b")), 200_000);
        string end = await raw.EndOfAsync(1);

        Assert.True(end is not "200", $"{taken} were taken, then {end}");
        Assert.Empty(mesh.Seen);
        await mesh.OthersAsync();
    }

    [Fact]
    public async Task Continuations_Empty_EndTheConnection()
    {
        await using AttackedMesh mesh = await AttackedMesh.StartAsync();
        await using Stream stream = await mesh.ConnectAsync();
        RawHttp2 raw = await RawHttp2.GreetAsync(stream);
        await raw.SendAsync(0x1, 0x1, 1, RawHttp2.Block(s_get));

        await raw.FloodAsync(RawHttp2.Frame(0x9, 0, 1, []), 200_000);

        Assert.Empty(mesh.Seen);
        await mesh.OthersAsync();
    }

    [Fact]
    public async Task HpackBomb_ReferencesToOneLargeEntry_IsRefused()
    {
        await using AttackedMesh mesh = await AttackedMesh.StartAsync();
        await using Stream stream = await mesh.ConnectAsync();
        RawHttp2 raw = await RawHttp2.GreetAsync(stream);

        // A literal of 4,000 bytes with indexing, then thousands of one-byte references to it: index 62.
        byte[] name = "x-bomb"u8.ToArray();
        byte[] entry = [0x40, (byte)name.Length, .. name, 0x7f, .. Length(3900), .. Enumerable.Repeat((byte)'a', 3900)];
        await raw.SendAsync(0x1, 0x5, 1, [.. RawHttp2.Block(s_get), .. entry, .. Enumerable.Repeat((byte)0xbe, 12_000)]);
        string end = await raw.EndOfAsync(1);

        Assert.True(end is "431" or "400" or "RST_STREAM" or "GOAWAY" or "END", end);
        Assert.Empty(mesh.Seen);
        await mesh.OthersAsync();
    }

    [Fact]
    public async Task RapidReset_ThousandsOfStreams_LeaveOthersServed()
    {
        await using AttackedMesh mesh = await AttackedMesh.StartAsync(static http => Wait.UntilAbortedAsync(http));
        await using Stream stream = await mesh.ConnectAsync();
        RawHttp2 raw = await RawHttp2.GreetAsync(stream);
        byte[] head = RawHttp2.Block(s_get);
        int streams = 0;
        try
        {
            for (; streams < 5_000; streams++)
            {
                await raw.SendAsync(0x1, 0x5, (2 * streams) + 1, head);
                await raw.SendAsync(0x3, 0, (2 * streams) + 1, [0, 0, 0, 8]);
                if (streams % 1000 == 500)
                {
                    await mesh.OthersAsync();
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The connection was ended, as it may be.
        }

        await mesh.OthersAsync();
    }

    [Theory]
    [InlineData("content-length: 5", "transfer-encoding: chunked")]
    [InlineData("x-a: 1\r\nx-injected: 1", "")]
    [InlineData("connection: close", "")]
    [InlineData("te: gzip", "")]
    [InlineData("X-Upper: 1", "")]
    [InlineData(":path: /again", "")]
    [InlineData("content-length: 1, 2", "")]
    public async Task Http2_HeadersThatHttp1WouldReadOtherwise_AreRefused(string header, string other)
    {
        await using AttackedMesh mesh = await AttackedMesh.StartAsync();
        await using Stream stream = await mesh.ConnectAsync();
        RawHttp2 raw = await RawHttp2.GreetAsync(stream);

        await raw.HeadersAsync(1, end: true, [.. s_get, header, .. other.Length > 0 ? [other] : Array.Empty<string>()]);
        string end = await raw.EndOfAsync(1);

        Assert.True(end is "400" or "RST_STREAM" or "GOAWAY" or "END" or "421", end);
        Assert.Empty(mesh.Seen);
        await mesh.OthersAsync();
    }

    [Fact]
    public async Task Http2_HostBesideTheAuthority_NeverReachesTheApplication()
    {
        string? host = null;
        await using AttackedMesh mesh = await AttackedMesh.StartAsync(http =>
        {
            host = string.Join(',', http.Request.Headers.Host.AsEnumerable());
            return Task.CompletedTask;
        });
        await using Stream stream = await mesh.ConnectAsync();
        RawHttp2 raw = await RawHttp2.GreetAsync(stream);

        await raw.HeadersAsync(1, end: true, [.. s_get, "host: other"]);
        await raw.EndOfAsync(1);

        Assert.True(host is null or "orders", host);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("0000000005")]
    [InlineData("00ffffffff")]
    [InlineData("ff00000001aa")]
    [InlineData("000000000100000000")]
    public async Task Grpc_MalformedMessages_GetAnAnswerAndDisturbNobody(string hex)
    {
        await using AttackedMesh mesh = await AttackedMesh.StartAsync(
            static async http =>
            {
                await http.Request.Body.CopyToAsync(Stream.Null, http.RequestAborted);
                http.Response.ContentType = "application/grpc";
                http.Response.AppendTrailer("grpc-status", "13");
            },
            HttpProtocols.Http2);
        await using Stream stream = await mesh.ConnectAsync();
        RawHttp2 raw = await RawHttp2.GreetAsync(stream);

        await raw.HeadersAsync(1, end: false, ":method: POST", ":scheme: http", ":path: /shop.Orders/Get", ":authority: orders", "content-type: application/grpc", "te: trailers");
        await raw.SendAsync(0x0, 0x1, 1, Convert.FromHexString(hex));
        string end = await raw.EndOfAsync(1);

        Assert.True(end is "200" or "RST_STREAM" or "400", end);
        await mesh.OthersAsync();
    }

    private static byte[] Length(int length)
    {
        List<byte> bytes = [];
        for (length -= 127; length >= 128; length /= 128)
        {
            bytes.Add((byte)((length % 128) | 0x80));
        }

        bytes.Add((byte)length);
        return [.. bytes];
    }
}
