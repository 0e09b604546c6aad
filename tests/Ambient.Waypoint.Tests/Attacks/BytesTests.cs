using Ambient.Waypoint.Tests.Lab;
using Ambient.Waypoint.Tests.Requests.Rig;
using Ambient.Waypoint.Upstreams;

namespace Ambient.Waypoint.Tests.Attacks;

/// <summary>HTTP/1.1 that two servers could read differently, and that never ends, through tunnel and sniffing of a real waypoint.</summary>
public sealed class BytesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>What it is, and the bytes. The second request in each must never be one.</summary>
    public static TheoryData<string, string> Smuggled => new()
    {
        { "CL.TE", "POST / HTTP/1.1\r\nHost: orders\r\nContent-Length: 35\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n" },
        { "TE.CL", "POST / HTTP/1.1\r\nHost: orders\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n5c\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n\r\n0\r\n\r\n" },
        { "TE twice", "POST / HTTP/1.1\r\nHost: orders\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n" },
        { "TE with tab", "POST / HTTP/1.1\r\nHost: orders\r\nTransfer-Encoding:\tchunked, gzip\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n" },
        { "TE with space before colon", "POST / HTTP/1.1\r\nHost: orders\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n" },
        { "obs-fold", "POST / HTTP/1.1\r\nHost: orders\r\nX-A: 1\r\n Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n" },
        { "two lengths", "POST / HTTP/1.1\r\nHost: orders\r\nContent-Length: 0\r\nContent-Length: 40\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n" },
        { "bare LF in the head", "GET / HTTP/1.1\nHost: orders\r\nX: a\n\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n" },
        { "bare CR in the head", "GET / HTTP/1.1\r\nHost: orders\rX: a\r\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n" },
        { "chunk extension ended by LF", "POST / HTTP/1.1\r\nHost: orders\r\nTransfer-Encoding: chunked\r\n\r\n2;\nxx\r\n4c\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n" },
        { "chunk ended by LF", "POST / HTTP/1.1\r\nHost: orders\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nxx\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n" },
        { "chunk length with sign", "POST / HTTP/1.1\r\nHost: orders\r\nTransfer-Encoding: chunked\r\n\r\n+0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n" },
        { "chunk length 0x", "POST / HTTP/1.1\r\nHost: orders\r\nTransfer-Encoding: chunked\r\n\r\n0x0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n" },
        { "NUL in a name", "POST / HTTP/1.1\r\nHost: orders\r\nTransfer-Encoding\0: chunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n" },
        { "TE in HTTP/1.0", "POST / HTTP/1.0\r\nHost: orders\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n" },
        { "upgrade to h2c", "POST / HTTP/1.1\r\nHost: orders\r\nConnection: Upgrade, HTTP2-Settings, Content-Length\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nContent-Length: 40\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n" },
    };

    [Theory]
    [MemberData(nameof(Smuggled))]
    public async Task Smuggled_SecondRequest_NeverReachesTheApplicationAsOne(string what, string bytes)
    {
        await using AttackedMesh mesh = await AttackedMesh.StartAsync();
        await using PipeStream stream = await mesh.ConnectAsync();

        string answer = await AllAsync(stream, bytes);

        Assert.False(mesh.Seen.Any(s => s.Contains("/smuggled", StringComparison.Ordinal)), $"{what}: {string.Join(", ", mesh.Seen)}\n{answer}");
        await mesh.OthersAsync();
    }

    [Fact]
    public async Task Head_WithoutEnd_IsCutAndOthersAreServed()
    {
        await using AttackedMesh mesh = await AttackedMesh.StartAsync();
        await using Stream stream = await mesh.ConnectAsync();
        await stream.SendAsync("GET / HTTP/1.1\r\nHost: orders\r\nx-a: ", Stop);

        long taken = await stream.PourAsync([.. Enumerable.Repeat((byte)'a', 16 * 1024)], 64_000_000);

        Assert.InRange(taken, 0, 40_000_000); // tunnel windows and kernel buffers, not what an attacker likes to send
        Assert.Empty(mesh.Seen);
        await mesh.OthersAsync();
    }

    [Theory]
    [InlineData("target", 200_000)]
    [InlineData("value", 200_000)]
    [InlineData("lines", 2_000)]
    public async Task Head_TooLarge_IsRefusedWithAStatus(string what, int size)
    {
        await using AttackedMesh mesh = await AttackedMesh.StartAsync();
        await using PipeStream stream = await mesh.ConnectAsync();
        string head = what switch
        {
            "target" => $"GET /{new string('a', size)} HTTP/1.1\r\nHost: orders\r\n\r\n",
            "value" => $"GET / HTTP/1.1\r\nHost: orders\r\nx-a: {new string('a', size)}\r\n\r\n",
            _ => $"GET / HTTP/1.1\r\nHost: orders\r\n{string.Concat(Enumerable.Range(0, size).Select(i => $"x-{i}: a\r\n"))}\r\n",
        };

        string answer = "";
        try
        {
            answer = await AllAsync(stream, head);
        }
        catch (IOException)
        {
            // Cut while it was still sending.
        }

        Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 4", StringComparison.Ordinal), answer);
        Assert.Empty(mesh.Seen);
        await mesh.OthersAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("P")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nS")]
    [InlineData("GET / HTTP/1.1\r\nHost: ord")]
    public async Task FirstBytes_ThenSilence_HoldUpNobody(string bytes)
    {
        await using AttackedMesh mesh = await AttackedMesh.StartAsync();
        List<Stream> streams = [];
        for (int i = 0; i < 50; i++)
        {
            Stream stream = await mesh.ConnectAsync();
            streams.Add(stream);
            if (bytes.Length > 0)
            {
                await stream.SendAsync(bytes, Stop);
            }
        }

        await mesh.OthersAsync();
        Assert.Empty(mesh.Seen);
        foreach (Stream stream in streams)
        {
            await stream.DisposeAsync();
        }

        await mesh.OthersAsync();
    }

    [Theory]
    [InlineData("\0\0\0\0\0\0\0\0")]
    [InlineData("\u0016\u0003\u0001\u00ff\u00ff\u0001")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n")]
    [InlineData("SSH-2.0-x\r\n")]
    public async Task Garbage_OnAnHttpPort_IsNoRequestAndDisturbsNobody(string bytes)
    {
        await using AttackedMesh mesh = await AttackedMesh.StartAsync();
        await using PipeStream stream = await mesh.ConnectAsync();

        await AllAsync(stream, bytes);

        Assert.Empty(mesh.Seen);
        await mesh.OthersAsync();
    }

    [Fact]
    public async Task Body_SentByteByByte_HoldsUpNobody()
    {
        await using AttackedMesh mesh = await AttackedMesh.StartAsync();
        List<Stream> streams = [];
        for (int i = 0; i < 20; i++)
        {
            Stream stream = await mesh.ConnectAsync();
            streams.Add(stream);
            await stream.SendAsync("POST / HTTP/1.1\r\nHost: orders\r\nContent-Length: 100000\r\n\r\n", Stop);
        }

        for (int round = 0; round < 5; round++)
        {
            foreach (Stream stream in streams)
            {
                await stream.WriteAsync("x"u8.ToArray(), Stop);
            }

            await mesh.OthersAsync();
        }

        foreach (Stream stream in streams)
        {
            await stream.DisposeAsync();
        }

        await Wait.UntilAsync(() => mesh.Seen.Count <= streams.Count, "nothing more came of it");
        await mesh.OthersAsync();
    }

    // Nothing more follows, so all that is a request is answered and then the connection ends.
    private static async Task<string> AllAsync(PipeStream stream, string bytes)
    {
        await stream.SendAsync(bytes, Stop);
        await stream.HalfCloseAsync();
        using RawHttp1 raw = new(stream);
        return await raw.RestAsync();
    }
}
