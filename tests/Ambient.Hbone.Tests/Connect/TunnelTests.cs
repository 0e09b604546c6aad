using Ambient.Core.Identity;
using Ambient.Hbone.Connect;
using Ambient.Hbone.Http2.Frames;
using Ambient.Hbone.Pool;
using Ambient.Hbone.Tests.Peers;

namespace Ambient.Hbone.Tests.Connect;

public class TunnelTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tunnel_EchoesAndHalfCloses()
    {
        await using TunnelWorld world = new(HandlerOf.Echo);
        await using HboneStream stream = await world.ConnectAsync(Ct);

        await stream.Output.WriteAsync("hello"u8.ToArray(), Ct);
        Assert.Equal("hello"u8.ToArray(), await Pipes.ReadAsync(stream.Input, 5, Ct));
        await stream.Output.WriteAsync(" again"u8.ToArray(), Ct);
        await stream.Output.CompleteAsync();

        Assert.Equal(" again"u8.ToArray(), await Pipes.ReadAllAsync(stream.Input, Ct));
        Assert.Equal(200, stream.Reply!.Status);
        Assert.Equal(new PeerIdentity.Verified(world.Ca.Id("shop", "orders")), stream.Peer);
    }

    [Theory]
    [InlineData(1024 * 1024)]
    [InlineData(20 * 1024 * 1024)]
    public async Task Tunnel_CarriesBulkBothWays(int length)
    {
        await using TunnelWorld world = new(HandlerOf.Echo);
        await using HboneStream stream = await world.ConnectAsync(Ct);
        byte[] sent = Pipes.Bytes(length);

        Task<byte[]> reading = Pipes.ReadAllAsync(stream.Input, Ct);
        await stream.Output.WriteAsync(sent, Ct);
        await stream.Output.CompleteAsync();

        Assert.True(Pipes.Same(sent, await reading));
    }

    [Fact]
    public async Task Tunnel_PeerSaysAllAndWantsNoMore_WhatItSaidStaysReadable()
    {
        byte[] said = Pipes.Bytes(100_000);
        await using TunnelWorld world = new(new HandlerOf(async (connect, ct) =>
        {
            await using HboneStream accepted = await connect.AcceptAsync();
            await accepted.Output.WriteAsync(said, ct);
            await accepted.Output.CompleteAsync();
            accepted.Reset(ErrorCode.NoError);
        }));
        await using HboneStream stream = await world.ConnectAsync(Ct);
        TaskCompletionSource<HboneStreamResetException> fault = new(TaskCreationOptions.RunContinuationsAsynchronously);
        stream.OnFault(fault.SetResult);

        Assert.Equal(ErrorCode.NoError, (await fault.Task.WaitAsync(Ct)).Code);

        Assert.True(Pipes.Same(said, await Pipes.ReadAllAsync(stream.Input, Ct)));
        await Assert.ThrowsAsync<HboneStreamResetException>(async () => await stream.Output.WriteAsync("more"u8.ToArray(), Ct));
    }

    [Fact]
    public async Task Tunnel_PeerSaysAllAndThenFails_IsAFaultAlsoForWhatWasNotRead()
    {
        await using TunnelWorld world = new(new HandlerOf(async (connect, ct) =>
        {
            await using HboneStream accepted = await connect.AcceptAsync();
            await accepted.Output.WriteAsync(Pipes.Bytes(1000), ct);
            await accepted.Output.CompleteAsync();
            accepted.Reset(ErrorCode.InternalError);
        }));
        await using HboneStream stream = await world.ConnectAsync(Ct);
        TaskCompletionSource<HboneStreamResetException> fault = new(TaskCreationOptions.RunContinuationsAsynchronously);
        stream.OnFault(fault.SetResult);

        await fault.Task.WaitAsync(Ct);

        await Assert.ThrowsAsync<HboneStreamResetException>(async () => await Pipes.ReadAllAsync(stream.Input, Ct));
    }

    [Fact]
    public async Task Tunnel_GoneUnderAHandlerWhoseCallbackThrows_OthersOfTheConnectionGoOn()
    {
        TaskCompletionSource called = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TunnelWorld world = new(new HandlerOf(async (connect, ct) =>
        {
            await using HboneStream accepted = await connect.AcceptAsync();
            if (connect.Request.Authority == "10.0.0.8:8080")
            {
                ct.Register(() =>
                {
                    called.SetResult();
                    throw new InvalidOperationException("somebody's bug");
                });
                await called.Task;
                return;
            }

            await Pipes.EchoAsync(accepted);
        }));
        await using HboneStream healthy = await world.ConnectAsync(Ct);
        HboneStream doomed = await world.Pool.ConnectAsync(world.Key, TunnelWorld.To("10.0.0.8:8080"), Ct);

        doomed.Reset(ErrorCode.Cancel);
        await called.Task.WaitAsync(Ct);
        await healthy.Output.WriteAsync("hello"u8.ToArray(), Ct);

        Assert.Equal("hello"u8.ToArray(), await Pipes.ReadAsync(healthy.Input, 5, Ct));
        Assert.Equal(1, world.Accepted);
    }

    [Fact]
    public async Task Tunnel_HandsOverTheRequest_AndTheReplysBaggage()
    {
        IncomingConnect? seen = null;
        await using TunnelWorld world = new(new HandlerOf(async (connect, _) =>
        {
            seen = connect;
            await using HboneStream accepted = await connect.AcceptAsync("service.name=orders");
        }));
        ConnectRequest request = TunnelWorld.To("[fd00::9]:443") with
        {
            Baggage = "k8s.namespace.name=shop",
            Forwarded = "for=\"10.1.2.3:4567\"",
            TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00",
            ExtraHeaders = [new("ambient-caller", "spiffe://cluster.local/ns/a/sa/b")],
        };

        await using HboneStream stream = await world.Pool.ConnectAsync(world.Key, request, Ct);

        Assert.Equal("service.name=orders", stream.Reply!.Baggage);
        Assert.Equal(request.Authority, seen!.Request.Authority);
        Assert.Equal(request.Baggage, seen.Request.Baggage);
        Assert.Equal(request.Forwarded, seen.Request.Forwarded);
        Assert.Equal(request.TraceParent, seen.Request.TraceParent);
        Assert.Equal("spiffe://cluster.local/ns/a/sa/b", seen.Request.Header("ambient-caller"));
        Assert.Equal(new PeerIdentity.Verified(world.Ca.Id("shop", "web")), seen.Peer);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(503)]
    public async Task Rejection_ComesAsStatus(int status)
    {
        await using TunnelWorld world = new(new HandlerOf((connect, _) => connect.RejectAsync(status)));

        HboneConnectException e = await Assert.ThrowsAsync<HboneConnectException>(async () => await world.ConnectAsync(Ct));

        Assert.Equal(HboneConnectFailure.Status, e.Failure);
        Assert.Equal(status, e.Status);
    }

    [Fact]
    public async Task ClientsReset_ReachesTheServersReader()
    {
        TaskCompletionSource<Exception> seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TunnelWorld world = new(new HandlerOf(async (connect, _) =>
        {
            HboneStream accepted = await connect.AcceptAsync();
            try
            {
                await accepted.Input.ReadAsync(default);
            }
            catch (IOException e)
            {
                seen.SetResult(e);
            }
        }));
        HboneStream stream = await world.ConnectAsync(Ct);

        stream.Reset(ErrorCode.ConnectError);

        HboneStreamResetException reset = Assert.IsType<HboneStreamResetException>(await seen.Task.WaitAsync(Ct));
        Assert.Equal((ErrorCode.ConnectError, true), (reset.Code, reset.ByPeer));
    }

    [Fact]
    public async Task ServersReset_ReachesTheClientsReaderAndWriter()
    {
        await using TunnelWorld world = new(new HandlerOf(async (connect, _) =>
        {
            HboneStream accepted = await connect.AcceptAsync();
            await accepted.Input.ReadAsync(default);
            accepted.Reset(ErrorCode.ConnectError);
        }));
        HboneStream stream = await world.ConnectAsync(Ct);
        await stream.Output.WriteAsync(new byte[1], Ct);

        HboneStreamResetException reset = await Assert.ThrowsAsync<HboneStreamResetException>(async () => await stream.Input.ReadAsync(Ct));

        Assert.Equal((ErrorCode.ConnectError, true), (reset.Code, reset.ByPeer));
        await Assert.ThrowsAsync<HboneStreamResetException>(async () => await stream.Output.WriteAsync(new byte[1], Ct));
    }

    [Fact]
    public async Task HandlerThatThrows_CostsItsStreamOnly()
    {
        int calls = 0;
        await using TunnelWorld world = new(new HandlerOf(async (connect, _) =>
        {
            if (Interlocked.Increment(ref calls) == 2)
            {
                throw new InvalidDataException("a bug");
            }

            await using HboneStream accepted = await connect.AcceptAsync();
            await Pipes.EchoAsync(accepted);
        }));
        await using HboneStream first = await world.ConnectAsync(Ct);

        await Assert.ThrowsAsync<HboneConnectException>(async () => await world.ConnectAsync(Ct));
        await first.Output.WriteAsync("still here"u8.ToArray(), Ct);

        Assert.Equal(10, (await Pipes.ReadAsync(first.Input, 10, Ct)).Length);
    }

    [Fact]
    public async Task ServersDrain_LetsOpenStreamsEnd_AndNewOnesDialAgain()
    {
        await using TunnelWorld world = new(HandlerOf.Echo);
        await using HboneStream stream = await world.ConnectAsync(Ct);

        world.Drain();
        await stream.Output.WriteAsync("late"u8.ToArray(), Ct);
        await stream.Output.CompleteAsync();

        Assert.Equal("late"u8.ToArray(), await Pipes.ReadAllAsync(stream.Input, Ct));
        await world.WhenServedAsync().WaitAsync(TimeSpan.FromMinutes(1), Ct);
    }

    [Fact]
    public async Task CancelledConnect_ResetsTheStream_AndCancelsTheHandler()
    {
        TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TunnelWorld world = new(new HandlerOf(async (_, ct) =>
        {
            ct.Register(() => cancelled.SetResult());
            entered.SetResult();
            await cancelled.Task;
        }));
        using CancellationTokenSource caller = new();

        Task connecting = world.ConnectAsync(caller.Token).AsTask();
        await entered.Task.WaitAsync(Ct);
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
        await cancelled.Task.WaitAsync(Ct);
    }
}
