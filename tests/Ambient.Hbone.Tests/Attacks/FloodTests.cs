using Ambient.Hbone.Connect;
using Ambient.Hbone.Http2.Frames;
using Ambient.Hbone.Tests.Peers;

namespace Ambient.Hbone.Tests.Attacks;

/// <summary>Peers that make us work. Each is sent away with ENHANCE_YOUR_CALM, soon, and nothing was held for it.</summary>
public class FloodTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RapidReset_IsStopped_AndHandlersStayBounded()
    {
        int running = 0;
        int most = 0;
        await using ServerUnderTest server = await ServerUnderTest.GreetedAsync(new HandlerOf(async (_, ct) =>
        {
            int now = Interlocked.Increment(ref running);
            most = Math.Max(most, now);
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
            }
            finally
            {
                Interlocked.Decrement(ref running);
            }
        }));

        for (int i = 0; i < 2000; i++)
        {
            int id = 2 * i + 1;
            await server.Peer.SendAsync(FramePeer.Headers(id, FramePeer.ConnectBlock()), FramePeer.Rst(id));
        }

        await server.Peer.ExpectGoAwayAsync(ErrorCode.EnhanceYourCalm, Ct);
        Assert.InRange(most, 1, 400);
    }

    [Fact]
    public async Task HandlersThatOutliveTheirReset_CountAgainstTheLimit()
    {
        int started = 0;
        TaskCompletionSource release = new();
        ServerUnderTest server = await ServerUnderTest.GreetedAsync(
            new HandlerOf(async (_, _) =>
            {
                Interlocked.Increment(ref started);
                await release.Task;
            }),
            new HboneServerOptions { Limits = HboneLimits.Server with { MaxConcurrentStreams = 10 } });
        for (int i = 0; i < 100; i++)
        {
            await server.Peer.SendAsync(FramePeer.Headers(2 * i + 1, FramePeer.ConnectBlock()), FramePeer.Rst(2 * i + 1));
        }

        await server.Peer.SyncAsync(Ct);

        Assert.Equal(20, started);
        release.SetResult();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task MadeYouReset_IsStopped()
    {
        await using ServerUnderTest server = await ServerUnderTest.GreetedAsync();
        for (int i = 0; i < 500; i++)
        {
            int id = 2 * i + 1;
            await server.Peer.SendAsync(FramePeer.Headers(id, FramePeer.ConnectBlock()), FramePeer.WindowUpdate(id, 0));
        }

        await server.Peer.ExpectGoAwayAsync(ErrorCode.EnhanceYourCalm, Ct);
    }

    [Fact]
    public async Task MalformedRequests_AreStopped()
    {
        await using ServerUnderTest server = await ServerUnderTest.GreetedAsync();
        for (int i = 0; i < 500; i++)
        {
            await server.Peer.SendAsync(FramePeer.Headers(2 * i + 1, FramePeer.Block((":method", "CONNECT"))));
        }

        await server.Peer.ExpectGoAwayAsync(ErrorCode.EnhanceYourCalm, Ct);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    public async Task ContinuationFlood_IsStopped(int bytesEach)
    {
        await using ServerUnderTest server = await ServerUnderTest.GreetedAsync();
        await server.Peer.SendAsync(FramePeer.Headers(1, [], flags: 0));
        for (int i = 0; i < 100; i++)
        {
            await server.Peer.SendAsync(FramePeer.Frame(FrameType.Continuation, 0, 1, new byte[bytesEach]));
        }

        await server.Peer.ExpectGoAwayAsync(ErrorCode.EnhanceYourCalm, Ct);
    }

    [Fact]
    public async Task HeaderBlockAboveTheLimit_IsStopped_BeforeItIsRead()
    {
        await using ServerUnderTest server = await ServerUnderTest.GreetedAsync();

        // Only the beginning: nobody waits for the rest.
        byte[] frame = FramePeer.Headers(1, new byte[100_000], flags: 0);
        await server.Peer.SendAsync(frame[..20]);

        await server.Peer.ExpectGoAwayAsync(ErrorCode.EnhanceYourCalm, Ct);
    }

    [Fact]
    public async Task HpackBomb_IsStopped()
    {
        await using ServerUnderTest server = await ServerUnderTest.GreetedAsync();
        byte[] field = FramePeer.Block(("x", new string('a', 3900)));
        field[0] |= 0x40;
        byte[] references = new byte[50_000];
        references.AsSpan().Fill(0xbe);

        await server.Peer.SendAsync(FramePeer.Headers(1, [.. FramePeer.ConnectBlock(), .. field, .. references]));

        await server.Peer.ExpectGoAwayAsync(ErrorCode.EnhanceYourCalm, Ct);
    }

    [Fact]
    public async Task TooManyHeaderLines_Get431_AndTheConnectionGoesOn()
    {
        await using ServerUnderTest server = await ServerUnderTest.GreetedAsync();
        (string, string)[] crumbs = [.. Enumerable.Range(0, 150).Select(i => ("cookie", "a"))];

        await server.Peer.SendAsync(FramePeer.Headers(1, [.. FramePeer.ConnectBlock(), .. FramePeer.Block(crumbs)]));
        Assert.Equal("431", await server.Peer.ExpectStatusAsync(1, Ct));
        await server.Peer.SendAsync(FramePeer.Headers(3, FramePeer.ConnectBlock()));

        Assert.Equal("200", await server.Peer.ExpectStatusAsync(3, Ct));
    }

    [Fact]
    public async Task HeaderListAboveItsSize_Gets431()
    {
        await using ServerUnderTest server = await ServerUnderTest.GreetedAsync(
            options: new HboneServerOptions { Limits = HboneLimits.Server with { MaxHeaderListSize = 1000 } });

        await server.Peer.SendAsync(FramePeer.Headers(1, [.. FramePeer.ConnectBlock(), .. FramePeer.Block(("x", new string('a', 940)))]));

        Assert.Equal("431", await server.Peer.ExpectStatusAsync(1, Ct));
    }

    [Theory]
    [InlineData(FrameType.Settings, 0)]
    [InlineData(FrameType.Settings, 1)]
    [InlineData(FrameType.Ping, 0)]
    [InlineData(FrameType.Ping, 1)]
    [InlineData(FrameType.Priority, 0)]
    [InlineData((FrameType)0x77, 0)]
    public async Task ControlFlood_IsStopped(object type, int flags)
    {
        await using ServerUnderTest server = await ServerUnderTest.GreetedAsync();
        byte[] payload = new byte[(FrameType)type switch { FrameType.Ping => 8, FrameType.Priority => 5, _ => 0 }];
        int stream = (FrameType)type == FrameType.Priority ? 1 : 0;
        byte[] frame = FramePeer.Frame((FrameType)type, flags, stream, payload);

        for (int i = 0; i < 20; i++)
        {
            await server.Peer.SendAsync([.. Enumerable.Repeat(frame, 100)]);
        }

        await server.Peer.ExpectGoAwayAsync(ErrorCode.EnhanceYourCalm, Ct);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task EmptyDataFlood_IsStopped(bool padded)
    {
        await using ServerUnderTest server = await ServerUnderTest.GreetedAsync();
        await server.Peer.SendAsync(FramePeer.Headers(1, FramePeer.ConnectBlock()));
        byte[] empty = padded ? FramePeer.Frame(FrameType.Data, 8, 1, 3, 0, 0, 0) : FramePeer.Frame(FrameType.Data, 0, 1);

        await server.Peer.SendAsync([.. Enumerable.Repeat(empty, 500)]);

        await server.Peer.ExpectGoAwayAsync(ErrorCode.EnhanceYourCalm, Ct);
    }

    [Fact]
    public async Task WindowUpdateFlood_IsStopped()
    {
        await using ServerUnderTest server = await ServerUnderTest.GreetedAsync();
        await server.Peer.SendAsync(FramePeer.Headers(1, FramePeer.ConnectBlock()));

        await server.Peer.SendAsync([.. Enumerable.Repeat(FramePeer.WindowUpdate(1, 1), 60_000)]);

        await server.Peer.ExpectGoAwayAsync(ErrorCode.EnhanceYourCalm, Ct);
    }

    [Fact]
    public async Task PeerThatReadsNoAnswers_IsCutOff()
    {
        await using ServerUnderTest server = await ServerUnderTest.GreetedAsync(
            options: new HboneServerOptions { Limits = HboneLimits.Server with { SendBuffer = 16 * 1024 } }, capacity: 32 * 1024);

        // Rejections of 24 bytes a stream, within every rate but nobody reads them.
        Task sending = SendUntilClosedAsync(server.Peer, 100_000);

        await server.Serving.WaitAsync(TimeSpan.FromSeconds(20), Ct);
        await sending;
    }

    private static async Task SendUntilClosedAsync(FramePeer peer, int count)
    {
        byte[] pings = [.. Enumerable.Repeat(FramePeer.Frame(FrameType.Ping, 0, 0, new byte[8]), 50).SelectMany(p => p)];
        for (int i = 0; i < count; i++)
        {
            try
            {
                if ((await peer.Connection.Output.WriteAsync(pings)).IsCompleted)
                {
                    return;
                }
            }
            catch (Exception e) when (e is IOException or InvalidOperationException)
            {
                return;
            }
        }
    }
}
