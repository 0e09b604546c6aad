using Ambient.Hbone.Connect;
using Ambient.Hbone.Http2.Frames;
using Ambient.Hbone.Tests.Peers;
using Ambient.Testing;

namespace Ambient.Hbone.Tests.Attacks;

public class FlowControlTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DataBeyondTheStreamsWindow_ResetsTheStream()
    {
        await using ServerUnderTest server = await ServerUnderTest.GreetedAsync(
            Deaf, new HboneServerOptions { Limits = HboneLimits.Server with { StreamWindow = 1000 } });
        await server.Peer.SendAsync(FramePeer.Headers(1, FramePeer.ConnectBlock()));

        await server.Peer.SendAsync(FramePeer.Frame(FrameType.Data, 0, 1, new byte[1001]));

        await server.Peer.ExpectRstAsync(1, ErrorCode.FlowControlError, Ct);
    }

    [Fact]
    public async Task DataBeyondTheConnectionsWindow_EndsTheConnection()
    {
        await using ServerUnderTest server = await ServerUnderTest.GreetedAsync(
            Deaf, new HboneServerOptions { Limits = HboneLimits.Server with { ConnectionWindow = 70_000 } });
        await server.Peer.SendAsync(FramePeer.Headers(1, FramePeer.ConnectBlock()));

        await server.Peer.SendAsync(FramePeer.Frame(FrameType.Data, 0, 1, new byte[70_001]));

        await server.Peer.ExpectGoAwayAsync(ErrorCode.FlowControlError, Ct);
    }

    [Fact]
    public async Task DataForResetStreams_GivesTheConnectionsCreditBack()
    {
        await using ServerUnderTest server = await ServerUnderTest.GreetedAsync(
            new HandlerOf((connect, _) => connect.RejectAsync(503)),
            new HboneServerOptions { Limits = HboneLimits.Server with { ConnectionWindow = 100_000 } });

        // Ten times the window, all for streams that nobody reads.
        for (int i = 0; i < 100; i++)
        {
            int id = 2 * i + 1;
            await server.Peer.SendAsync(
                FramePeer.Headers(id, FramePeer.ConnectBlock()), FramePeer.Frame(FrameType.Data, 0, id, new byte[10_000]));
        }

        await server.Peer.SendAsync(FramePeer.Headers(999, FramePeer.ConnectBlock()));
        Assert.Equal("503", await server.Peer.ExpectStatusAsync(999, Ct));
    }

    [Theory]
    [InlineData(0, ErrorCode.ProtocolError)]
    [InlineData(int.MaxValue, ErrorCode.FlowControlError)]
    public async Task WrongStreamIncrement_ResetsTheStream(int increment, ErrorCode code)
    {
        await using ServerUnderTest server = await ServerUnderTest.GreetedAsync();
        await server.Peer.SendAsync(FramePeer.Headers(1, FramePeer.ConnectBlock()), FramePeer.WindowUpdate(1, increment));

        await server.Peer.ExpectRstAsync(1, code, Ct);
    }

    [Theory]
    [InlineData(0, ErrorCode.ProtocolError)]
    [InlineData(int.MaxValue, ErrorCode.FlowControlError)]
    public async Task WrongConnectionIncrement_EndsTheConnection(int increment, ErrorCode code)
    {
        await using ServerUnderTest server = await ServerUnderTest.GreetedAsync();
        await server.Peer.SendAsync(FramePeer.WindowUpdate(0, increment));

        await server.Peer.ExpectGoAwayAsync(code, Ct);
    }

    [Fact]
    public async Task InitialWindow_ShrinksAndGrows_ForOpenStreamsToo()
    {
        await using ServerUnderTest server = await ServerUnderTest.GreetedAsync(Sender(3000));
        await server.Peer.SendAsync(FramePeer.Settings((4, 1000)), FramePeer.Headers(1, FramePeer.ConnectBlock()));
        Assert.Equal(1000, (await server.Peer.ExpectAsync(FrameType.Data, Ct, 1)).Payload.Length);

        // -500, then 0, then 200: only then more may come.
        await server.Peer.SendAsync(FramePeer.Settings((4, 500)), FramePeer.WindowUpdate(1, 500), FramePeer.Settings((4, 700)));
        Assert.Equal(200, (await server.Peer.ExpectAsync(FrameType.Data, Ct, 1)).Payload.Length);

        await server.Peer.SendAsync(FramePeer.WindowUpdate(1, 5000));
        (FrameHeader header, byte[] rest) = await server.Peer.ExpectAsync(FrameType.Data, Ct, 1);
        Assert.Equal(1800, rest.Length);
        Assert.False(header.Has(FrameFlags.EndStream) && rest.Length == 0);
    }

    [Fact]
    public async Task InitialWindow_ThatOverflowsAnOpenStream_EndsTheConnection()
    {
        await using ServerUnderTest server = await ServerUnderTest.GreetedAsync();
        await server.Peer.SendAsync(
            FramePeer.Headers(1, FramePeer.ConnectBlock()), FramePeer.WindowUpdate(1, int.MaxValue - 65_535), FramePeer.Settings((4, int.MaxValue)));

        await server.Peer.ExpectGoAwayAsync(ErrorCode.FlowControlError, Ct);
    }

    [Fact]
    public async Task InitialWindowAboveTheMaximum_EndsTheConnection()
    {
        await using ServerUnderTest server = await ServerUnderTest.GreetedAsync();
        await server.Peer.SendAsync(FramePeer.Settings((4, 0x8000_0000)));

        await server.Peer.ExpectGoAwayAsync(ErrorCode.FlowControlError, Ct);
    }

    [Fact]
    public async Task WriterWithoutWindow_IsResetAfterTheStallTime()
    {
        ManualTime time = new();
        await using ServerUnderTest server = await ServerUnderTest.GreetedAsync(
            Sender(3000),
            new HboneServerOptions { Time = time, Limits = HboneLimits.Server with { StallTimeout = TimeSpan.FromSeconds(5) } });
        await server.Peer.SendAsync(FramePeer.Settings((4, 1000)), FramePeer.Headers(1, FramePeer.ConnectBlock()));
        await server.Peer.ExpectAsync(FrameType.Data, Ct, 1);
        await server.Peer.SyncAsync(Ct);

        time.Advance(TimeSpan.FromSeconds(7));

        await server.Peer.ExpectRstAsync(1, ErrorCode.FlowControlError, Ct);
    }

    [Fact]
    public async Task MaxFrameSizeOfThePeer_IsKept()
    {
        await using ServerUnderTest server = await ServerUnderTest.GreetedAsync(Sender(60_000));
        await server.Peer.SendAsync(FramePeer.Headers(1, FramePeer.ConnectBlock()));

        for (int received = 0; received < 60_000;)
        {
            byte[] payload = (await server.Peer.ExpectAsync(FrameType.Data, Ct, 1)).Payload;
            Assert.InRange(payload.Length, 1, 16_384);
            received += payload.Length;
        }
    }

    [Fact]
    public async Task OneStreamWithoutWindow_DoesNotStopTheOthers()
    {
        await using ServerUnderTest server = await ServerUnderTest.GreetedAsync(Sender(5000));
        await server.Peer.SendAsync(FramePeer.Settings((4, 10)));
        await server.Peer.SendAsync(FramePeer.Headers(1, FramePeer.ConnectBlock()), FramePeer.Headers(3, FramePeer.ConnectBlock()));
        await server.Peer.ExpectAsync(FrameType.Data, Ct, 3);

        await server.Peer.SendAsync(FramePeer.WindowUpdate(3, 10_000));

        Assert.Equal(4990, (await server.Peer.ExpectAsync(FrameType.Data, Ct, 3)).Payload.Length);
    }

    [Fact]
    public async Task ManyWritersThroughASmallBuffer_AllArrive()
    {
        const int Streams = 16;
        const int Each = 300_000;
        await using ServerUnderTest server = await ServerUnderTest.GreetedAsync(
            new HandlerOf(async (connect, ct) =>
            {
                await Task.Yield();
                Random random = new(connect.Request.Authority.Length);
                await using HboneStream stream = await connect.AcceptAsync();
                for (int sent = 0; sent < Each;)
                {
                    int n = Math.Min(Each - sent, random.Next(1, 9000));
                    await stream.Output.WriteAsync(new byte[n], ct);
                    sent += n;
                }

                await stream.Output.CompleteAsync();
                await Pipes.ReadAllAsync(stream.Input, ct);
            }),
            new HboneServerOptions { Limits = HboneLimits.Server with { SendBuffer = 4096 } },
            capacity: 2048);
        for (int i = 0; i < Streams; i++)
        {
            await server.Peer.SendAsync(FramePeer.Headers(2 * i + 1, FramePeer.ConnectBlock("h" + new string('x', i) + ":1"), flags: 5));
        }

        int ended = 0;
        long received = 0;
        while (ended < Streams)
        {
            (FrameHeader header, byte[] payload) = await server.Peer.ExpectAsync(FrameType.Data, Ct);
            received += payload.Length;
            ended += header.Has(FrameFlags.EndStream) ? 1 : 0;
            if (payload.Length > 0)
            {
                await server.Peer.SendAsync(
                    FramePeer.WindowUpdate(0, payload.Length), FramePeer.WindowUpdate(header.StreamId, payload.Length));
            }
        }

        Assert.Equal(Streams * Each, received);
    }

    private static HandlerOf Deaf => new(async (connect, ct) =>
    {
        await connect.AcceptAsync();
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
    });

    private static HandlerOf Sender(int bytes) => new(async (connect, ct) =>
    {
        HboneStream stream = await connect.AcceptAsync();
        await stream.Output.WriteAsync(new byte[bytes], ct);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
    });
}
