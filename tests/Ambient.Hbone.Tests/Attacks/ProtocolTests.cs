using Ambient.Hbone.Connect;
using Ambient.Hbone.Http2;
using Ambient.Hbone.Http2.Frames;
using Ambient.Hbone.Tests.Peers;
using Ambient.Testing;

namespace Ambient.Hbone.Tests.Attacks;

/// <summary>Peers that break the rules of RFC 9113.</summary>
public class ProtocolTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, ErrorCode> ConnectionFaults => new()
    {
        { "DATA on stream 0", "000001 00 00 00000000 00", ErrorCode.ProtocolError },
        { "DATA on an idle stream", "000001 00 00 00000009 00", ErrorCode.ProtocolError },
        { "DATA on a server's stream", "000001 00 00 00000002 00", ErrorCode.ProtocolError },
        { "DATA with too much padding", "000002 00 08 00000001 05 00", ErrorCode.ProtocolError },
        { "padded DATA without a length", "000000 00 08 00000001", ErrorCode.FrameSizeError },
        { "HEADERS on stream 0", "000001 01 04 00000000 82", ErrorCode.ProtocolError },
        { "HEADERS on an even stream", "000001 01 04 00000004 82", ErrorCode.ProtocolError },
        { "HEADERS with too much padding", "000002 01 0c 00000003 05 82", ErrorCode.ProtocolError },
        { "HEADERS without its priority fields", "000002 01 24 00000003 05 82", ErrorCode.FrameSizeError },
        { "broken HPACK", "000001 01 04 00000003 be", ErrorCode.CompressionError },
        { "CONTINUATION out of place", "000001 09 04 00000001 82", ErrorCode.ProtocolError },
        { "header block interrupted", "000001 01 00 00000003 82 000008 06 00 00000000 0000000000000000", ErrorCode.ProtocolError },
        { "header block continued on another stream", "000001 01 00 00000003 82 000001 09 04 00000005 82", ErrorCode.ProtocolError },
        { "RST_STREAM on stream 0", "000004 03 00 00000000 00000008", ErrorCode.ProtocolError },
        { "RST_STREAM on an idle stream", "000004 03 00 00000009 00000008", ErrorCode.ProtocolError },
        { "RST_STREAM of 3 bytes", "000003 03 00 00000001 000000", ErrorCode.FrameSizeError },
        { "SETTINGS on a stream", "000000 04 00 00000001", ErrorCode.ProtocolError },
        { "SETTINGS of 5 bytes", "000005 04 00 00000000 0004000000", ErrorCode.FrameSizeError },
        { "SETTINGS ack with payload", "000006 04 01 00000000 000400000001", ErrorCode.FrameSizeError },
        { "MAX_FRAME_SIZE too small", "000006 04 00 00000000 000500000001", ErrorCode.ProtocolError },
        { "ENABLE_PUSH of 2", "000006 04 00 00000000 000200000002", ErrorCode.ProtocolError },
        { "PUSH_PROMISE", "000004 05 04 00000001 00000002", ErrorCode.ProtocolError },
        { "PING on a stream", "000008 06 00 00000001 0000000000000000", ErrorCode.ProtocolError },
        { "PING of 7 bytes", "000007 06 00 00000000 00000000000000", ErrorCode.FrameSizeError },
        { "GOAWAY on a stream", "000008 07 00 00000001 0000000000000000", ErrorCode.ProtocolError },
        { "GOAWAY of 4 bytes", "000004 07 00 00000000 00000000", ErrorCode.FrameSizeError },
        { "WINDOW_UPDATE on an idle stream", "000004 08 00 00000009 00000001", ErrorCode.ProtocolError },
        { "WINDOW_UPDATE of 3 bytes", "000003 08 00 00000000 000001", ErrorCode.FrameSizeError },
        { "PRIORITY on stream 0", "000005 02 00 00000000 0000000000", ErrorCode.ProtocolError },
        { "PRIORITY of 4 bytes", "000004 02 00 00000001 00000000", ErrorCode.FrameSizeError },
        { "frame above the announced size", "100001 00 00 00000001", ErrorCode.FrameSizeError },
    };

    [Theory]
    [MemberData(nameof(ConnectionFaults))]
    public async Task ConnectionFault_EndsTheConnection(string what, string hex, ErrorCode code)
    {
        Assert.NotEmpty(what);
        await using ServerUnderTest server = await ServerUnderTest.GreetedAsync();
        await server.Peer.SendAsync(FramePeer.Headers(1, FramePeer.ConnectBlock()));

        await server.Peer.SendAsync(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));

        await server.Peer.ExpectGoAwayAsync(code, Ct);
    }

    [Fact]
    public async Task WrongPreface_EndsTheConnection()
    {
        await using ServerUnderTest server = ServerUnderTest.Silent();
        await server.Peer.SendAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());

        await server.Peer.ExpectGoAwayAsync(ErrorCode.ProtocolError, Ct);
    }

    [Fact]
    public async Task FirstFrameThatIsNotSettings_EndsTheConnection()
    {
        await using ServerUnderTest server = ServerUnderTest.Silent();
        await server.Peer.SendAsync(Preface.Magic.ToArray(), FramePeer.Frame(FrameType.Ping, 0, 0, new byte[8]));

        await server.Peer.ExpectGoAwayAsync(ErrorCode.ProtocolError, Ct);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(24)]
    public async Task SlowPreface_IsCutOff(int bytes)
    {
        ManualTime time = new();
        await using ServerUnderTest server = ServerUnderTest.Silent(options: new HboneServerOptions { Time = time });
        await server.Peer.SendAsync(Preface.Magic[..bytes].ToArray());

        time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(server.Serving.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2));

        await server.Serving.WaitAsync(TimeSpan.FromMinutes(1), Ct);
    }

    [Fact]
    public async Task SlowHeaderBlock_IsCutOff()
    {
        ManualTime time = new();
        await using ServerUnderTest server = await ServerUnderTest.GreetedAsync(options: new HboneServerOptions { Time = time });
        await server.Peer.SyncAsync(Ct);
        await server.Peer.SendAsync(FramePeer.Headers(1, [0x82], flags: 0));
        await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Ct);

        time.Advance(TimeSpan.FromSeconds(12));

        await server.Serving.WaitAsync(TimeSpan.FromMinutes(1), Ct);
    }

    [Fact]
    public async Task PeerThatAnswersNoPing_IsDead()
    {
        ManualTime time = new();
        await using ServerUnderTest server = await ServerUnderTest.GreetedAsync(options: new HboneServerOptions { Time = time });
        await server.Peer.SyncAsync(Ct);

        time.Advance(TimeSpan.FromSeconds(10));
        (FrameHeader ping, _) = await server.Peer.ExpectAsync(FrameType.Ping, Ct);
        Assert.False(ping.Has(FrameFlags.Ack));
        time.Advance(TimeSpan.FromSeconds(19));
        Assert.False(server.Serving.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2));

        await server.Serving.WaitAsync(TimeSpan.FromMinutes(1), Ct);
    }

    [Fact]
    public async Task PeerThatAnswersPings_StaysAlive()
    {
        ManualTime time = new();
        await using ServerUnderTest server = await ServerUnderTest.GreetedAsync(options: new HboneServerOptions { Time = time });
        await server.Peer.SyncAsync(Ct);
        for (int i = 0; i < 10; i++)
        {
            time.Advance(TimeSpan.FromSeconds(11));
            (_, byte[] opaque) = await server.Peer.ExpectAsync(FrameType.Ping, Ct);
            await server.Peer.SendAsync(FramePeer.Frame(FrameType.Ping, 1, 0, opaque));
            await server.Peer.SyncAsync(Ct);
        }

        Assert.False(server.Serving.IsCompleted);
    }

    [Fact]
    public async Task StreamBeyondTheLimit_IsRefused_AndTheOthersGoOn()
    {
        await using ServerUnderTest server = await ServerUnderTest.GreetedAsync();
        for (int i = 0; i < 201; i++)
        {
            await server.Peer.SendAsync(FramePeer.Headers(2 * i + 1, FramePeer.ConnectBlock()));
        }

        await server.Peer.ExpectRstAsync(401, ErrorCode.RefusedStream, Ct);
        await server.Peer.SendAsync(FramePeer.Frame(FrameType.Data, 0, 1, 7));
        Assert.Equal(new byte[] { 7 }, (await server.Peer.ExpectAsync(FrameType.Data, Ct, 1)).Payload);
    }

    [Fact]
    public async Task DataAfterTheEnd_ResetsTheStream()
    {
        await using ServerUnderTest server = await ServerUnderTest.GreetedAsync(new HandlerOf(async (connect, ct) =>
        {
            await connect.AcceptAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
        }));
        await server.Peer.SendAsync(
            FramePeer.Headers(1, FramePeer.ConnectBlock()), FramePeer.Frame(FrameType.Data, 1, 1, 1), FramePeer.Frame(FrameType.Data, 0, 1, 2));

        await server.Peer.ExpectRstAsync(1, ErrorCode.StreamClosed, Ct);
    }

    [Fact]
    public async Task DataOnAStreamThatEndedBothWays_EndsTheConnection()
    {
        await using ServerUnderTest server = await ServerUnderTest.GreetedAsync();
        await server.Peer.SendAsync(FramePeer.Headers(1, FramePeer.ConnectBlock(), flags: 5));
        await server.Peer.ExpectAsync(FrameType.Data, Ct, 1);

        await server.Peer.SendAsync(FramePeer.Frame(FrameType.Data, 0, 1, 2));

        await server.Peer.ExpectGoAwayAsync(ErrorCode.StreamClosed, Ct);
    }

    [Fact]
    public async Task TrailersOfATunnel_ResetTheStream()
    {
        await using ServerUnderTest server = await ServerUnderTest.GreetedAsync();
        await server.Peer.SendAsync(
            FramePeer.Headers(1, FramePeer.ConnectBlock()), FramePeer.Headers(1, FramePeer.Block(("grpc-status", "0")), flags: 5));

        await server.Peer.ExpectRstAsync(1, ErrorCode.ProtocolError, Ct);
    }

    [Theory]
    [InlineData(":method=CONNECT")]
    [InlineData(":method=CONNECT|:authority=a:1|:scheme=https")]
    [InlineData(":method=CONNECT|:authority=a:1|:path=/")]
    [InlineData(":method=CONNECT|:authority=a:1|:protocol=websocket")]
    [InlineData(":method=CONNECT|:method=CONNECT|:authority=a:1")]
    [InlineData(":method=CONNECT|:authority=a:1|:authority=b:2")]
    [InlineData(":method=CONNECT|x=1|:authority=a:1")]
    [InlineData(":method=CONNECT|:authority=a:1|Upper=1")]
    [InlineData(":method=CONNECT|:authority=a:1|=1")]
    [InlineData(":method=CONNECT|:authority=a:1|a b=1")]
    [InlineData(":method=CONNECT|:authority=a:1|x=a\r\nb")]
    [InlineData(":method=CONNECT|:authority=a:1|x=a\0b")]
    [InlineData(":method=CONNECT|:authority=a:1|x= a")]
    [InlineData(":method=CONNECT|:authority=a:1|connection=close")]
    [InlineData(":method=CONNECT|:authority=a:1|transfer-encoding=chunked")]
    [InlineData(":method=CONNECT|:authority=a:1|te=gzip")]
    [InlineData(":method=CONNECT|:authority=a:1|:status=200")]
    [InlineData(":method=GET|:authority=a:1")]
    [InlineData(":authority=a:1")]
    public async Task MalformedRequest_ResetsTheStream(string fields)
    {
        await using ServerUnderTest server = await ServerUnderTest.GreetedAsync();

        await server.Peer.SendAsync(FramePeer.Headers(1, Block(fields)));

        await server.Peer.ExpectRstAsync(1, ErrorCode.ProtocolError, Ct);
        await server.Peer.SyncAsync(Ct);
    }

    [Theory]
    [InlineData(":method=GET|:authority=a:1|:scheme=https|:path=/")]
    [InlineData(":method=CONNECT|:authority=a")]
    [InlineData(":method=CONNECT|:authority=a:0")]
    [InlineData(":method=CONNECT|:authority=a:65536")]
    [InlineData(":method=CONNECT|:authority=:80")]
    [InlineData(":method=CONNECT|:authority=a b:80")]
    [InlineData(":method=CONNECT|:authority=a:80@b")]
    public async Task RequestThatIsNoneOfOurs_Gets400(string fields)
    {
        await using ServerUnderTest server = await ServerUnderTest.GreetedAsync();

        await server.Peer.SendAsync(FramePeer.Headers(1, Block(fields)));

        Assert.Equal("400", await server.Peer.ExpectStatusAsync(1, Ct));
    }

    [Fact]
    public async Task HandlersStatus_IsFollowedByResetWithoutError()
    {
        await using ServerUnderTest server = await ServerUnderTest.GreetedAsync(new HandlerOf((connect, _) => connect.RejectAsync(401)));

        await server.Peer.SendAsync(FramePeer.Headers(1, FramePeer.ConnectBlock()));

        (FrameHeader header, _) = await server.Peer.ExpectAsync(FrameType.Headers, Ct, 1);
        Assert.True(header.Has(FrameFlags.EndStream));
        await server.Peer.ExpectRstAsync(1, ErrorCode.NoError, Ct);
    }

    [Fact]
    public async Task Drain_AnnouncesThenNamesTheLastStream_AndEndsWithIt()
    {
        await using ServerUnderTest server = await ServerUnderTest.GreetedAsync();
        await server.Peer.SendAsync(FramePeer.Headers(1, FramePeer.ConnectBlock()));
        await server.Peer.ExpectStatusAsync(1, Ct);

        await server.DrainAsync();
        (FrameHeader header, byte[] payload) = await server.Peer.ExpectAsync(FrameType.GoAway, Ct);
        Assert.Equal(new GoAwayFrame(int.MaxValue, ErrorCode.NoError), GoAwayFrame.Read(header, payload));
        (_, byte[] ping) = await server.Peer.ExpectAsync(FrameType.Ping, Ct);

        // Sent before the peer knew: still served. Then it knows.
        await server.Peer.SendAsync(FramePeer.Headers(3, FramePeer.ConnectBlock()), FramePeer.Frame(FrameType.Ping, 1, 0, ping));
        (header, payload) = await server.Peer.ExpectAsync(FrameType.GoAway, Ct);
        Assert.Equal(new GoAwayFrame(3, ErrorCode.NoError), GoAwayFrame.Read(header, payload));
        await server.Peer.SendAsync(FramePeer.Headers(5, FramePeer.ConnectBlock()));
        Assert.False(server.Serving.IsCompleted);
        await server.Peer.SendAsync(FramePeer.Frame(FrameType.Data, 1, 1), FramePeer.Frame(FrameType.Data, 1, 3));

        await server.Serving.WaitAsync(TimeSpan.FromMinutes(1), Ct);
    }

    [Fact]
    public async Task Drain_BeforeTheConnectionBegan_SaysSettingsFirstAndServesWhatThePeerBeganUnknowing()
    {
        await using ServerUnderTest server = ServerUnderTest.Drained();

        (FrameHeader Header, byte[] Payload)? first = await server.Peer.NextAsync(Ct);
        Assert.Equal(FrameType.Settings, first!.Value.Header.Type);
        (FrameHeader header, byte[] payload) = await server.Peer.ExpectAsync(FrameType.GoAway, Ct);
        Assert.Equal(new GoAwayFrame(int.MaxValue, ErrorCode.NoError), GoAwayFrame.Read(header, payload));
        await server.Peer.GreetAsync();
        await server.Peer.SendAsync(FramePeer.Headers(1, FramePeer.ConnectBlock()));
        await server.Peer.ExpectStatusAsync(1, Ct);
        await server.Peer.SendAsync(FramePeer.Frame(FrameType.Data, 1, 1));

        await server.Serving.WaitAsync(TimeSpan.FromMinutes(1), Ct);
    }

    private static byte[] Block(string fields) => FramePeer.Block([.. fields.Split('|').Select(field =>
    {
        int equals = field.LastIndexOf('=');
        return (field[..equals], field[(equals + 1)..]);
    })]);
}
