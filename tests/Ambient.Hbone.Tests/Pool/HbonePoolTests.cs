using Ambient.Hbone.Connect;
using Ambient.Hbone.Pool;
using Ambient.Hbone.Tests.Peers;

namespace Ambient.Hbone.Tests.Pool;

public class HbonePoolTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ManyCallers_ShareOneDial()
    {
        await using TunnelWorld world = new(HandlerOf.Echo, pool: new HbonePoolOptions { SpreadStreams = 1000 });

        HboneStream[] streams = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => world.ConnectAsync(Ct).AsTask()));

        Assert.Equal(1, world.Accepted);
        Assert.Equal(50, Assert.Single(world.Pool.Status).Streams);
        await CloseAsync(streams);
    }

    [Fact]
    public async Task FullConnection_LeadsToAnother_AndIsUsedAgainWhenStreamsEnd()
    {
        await using TunnelWorld world = new(
            HandlerOf.Echo, pool: new HbonePoolOptions { MaxStreamsPerConnection = 4, SpreadStreams = 1000 });
        HboneStream[] first = await OpenAsync(world, 4);
        HboneStream[] second = await OpenAsync(world, 4);
        Assert.Equal(2, world.Accepted);

        await CloseAsync(first);
        HboneStream[] third = await OpenAsync(world, 4);

        Assert.Equal(2, world.Accepted);
        await CloseAsync([.. second, .. third]);
    }

    [Fact]
    public async Task Load_IsSpreadOverSeveralConnections()
    {
        await using TunnelWorld world = new(
            HandlerOf.Echo, pool: new HbonePoolOptions { SpreadStreams = 4, SpreadConnections = 3 });
        List<HboneStream> streams = [];
        for (int i = 0; i < 40; i++)
        {
            streams.AddRange(await OpenAsync(world, 1));
            await Eventually(() => !Assert.Single(world.Pool.Status).Dialing);
        }

        Assert.Equal(3, world.Accepted);
        await CloseAsync(streams);
    }

    [Fact]
    public async Task EvictedConnection_EndsWithItsLastStream_AndIsNotUsedAgain()
    {
        await using TunnelWorld world = new(HandlerOf.Echo);
        HboneStream[] old = await OpenAsync(world, 1);

        world.Pool.Evict(key => key.Destination.Equals(world.EndPoint));
        HboneStream[] fresh = await OpenAsync(world, 1);
        await old[0].Output.WriteAsync("x"u8.ToArray(), Ct);

        Assert.Single(await Pipes.ReadAsync(old[0].Input, 1, Ct));
        Assert.Equal(2, world.Accepted);
        await CloseAsync([.. old, .. fresh]);
    }

    [Fact]
    public async Task RefusedTcpConnection_SaysSo()
    {
        await using TunnelWorld world = new(HandlerOf.Echo);
        using System.Net.Sockets.Socket closed = Loopback.Listen();
        PoolKey nowhere = world.Key with { Destination = (System.Net.IPEndPoint)closed.LocalEndPoint! };
        closed.Dispose();

        HboneConnectException e = await Assert.ThrowsAsync<HboneConnectException>(
            async () => await world.Pool.ConnectAsync(nowhere, TunnelWorld.To("10.0.0.1:80"), Ct));

        Assert.Equal(HboneConnectFailure.TcpConnect, e.Failure);
    }

    [Fact]
    public async Task UnexpectedIdentity_IsATlsFailure()
    {
        await using TunnelWorld world = new(HandlerOf.Echo);
        PoolKey other = world.Key with { Expected = [world.Ca.Id("shop", "somebody-else")] };

        HboneConnectException e = await Assert.ThrowsAsync<HboneConnectException>(
            async () => await world.Pool.ConnectAsync(other, TunnelWorld.To("10.0.0.1:80"), Ct));

        Assert.Equal(HboneConnectFailure.Tls, e.Failure);
    }

    [Fact]
    public async Task Drain_RefusesNewTunnels_AndWaitsForOpenOnes()
    {
        await using TunnelWorld world = new(HandlerOf.Echo);
        HboneStream[] open = await OpenAsync(world, 1);

        Task draining = world.Pool.DrainAsync(TimeSpan.FromSeconds(20));
        HboneConnectException e = await Assert.ThrowsAsync<HboneConnectException>(async () => await world.ConnectAsync(Ct));
        Assert.Equal(HboneConnectFailure.Refused, e.Failure);
        Assert.False(draining.IsCompleted);
        await CloseAsync(open);

        await draining.WaitAsync(TimeSpan.FromMinutes(1), Ct);
    }

    [Fact]
    public async Task Keys_AreEqualByValue_WhateverTheOrderOfIdentities()
    {
        await using TunnelWorld world = new(HandlerOf.Echo);
        PoolKey one = world.Key with { Expected = [world.Ca.Id("a", "b"), world.Ca.Id("c", "d")] };
        PoolKey other = world.Key with { Expected = [world.Ca.Id("c", "d"), world.Ca.Id("a", "b")] };

        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.NotEqual(one, world.Key);
    }

    private static async Task<HboneStream[]> OpenAsync(TunnelWorld world, int count) =>
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => world.ConnectAsync(Ct).AsTask()));

    private static async Task CloseAsync(IEnumerable<HboneStream> streams)
    {
        foreach (HboneStream stream in streams)
        {
            await stream.Output.CompleteAsync();
            await Pipes.ReadAllAsync(stream.Input, Ct);
        }
    }

    private static async Task Eventually(Func<bool> condition)
    {
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        timeout.CancelAfter(TimeSpan.FromSeconds(10));
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, timeout.Token);
        }
    }
}
