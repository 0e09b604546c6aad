using System.Net.Sockets;
using Ambient.Hbone.Relay;
using Ambient.Hbone.Tests.Peers;
using Ambient.Hbone.Transport;

namespace Ambient.Hbone.Tests.Relay;

/// <summary>application socket - relay - tunnel - relay - server socket, as two node proxies make it.</summary>
public class StreamRelayTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Bytes_PassBothWays_AndHalfCloseIsCarried()
    {
        await using RelayChain chain = await RelayChain.StartAsync(Ct);

        await chain.Client.SendAsync("ping"u8.ToArray(), Ct);
        chain.Client.Shutdown(SocketShutdown.Send);
        Assert.Equal("ping"u8.ToArray(), await RelayChain.ReadAllAsync(chain.Server, Ct));
        await chain.Server.SendAsync("pong, after your end"u8.ToArray(), Ct);
        chain.Server.Shutdown(SocketShutdown.Send);

        Assert.Equal("pong, after your end"u8.ToArray(), await RelayChain.ReadAllAsync(chain.Client, Ct));
        Assert.Equal((RelayResult.Completed, RelayResult.Completed), await chain.ResultsAsync());
        Assert.Equal((4L, 20L), (chain.Counters.FromApp, chain.Counters.ToApp));
    }

    [Fact]
    public async Task Bulk_PassesBothWaysAtOnce()
    {
        await using RelayChain chain = await RelayChain.StartAsync(Ct);
        byte[] up = Pipes.Bytes(12 * 1024 * 1024, 3);
        byte[] down = Pipes.Bytes(9 * 1024 * 1024, 4);

        Task<byte[]> atServer = RelayChain.ReadAllAsync(chain.Server, Ct);
        Task<byte[]> atClient = RelayChain.ReadAllAsync(chain.Client, Ct);
        await Task.WhenAll(RelayChain.SendAllAsync(chain.Client, up, Ct), RelayChain.SendAllAsync(chain.Server, down, Ct));

        Assert.True(Pipes.Same(up, await atServer));
        Assert.True(Pipes.Same(down, await atClient));
    }

    [Fact]
    public async Task ClientsReset_ReachesTheServerAsReset()
    {
        await using RelayChain chain = await RelayChain.StartAsync(Ct);
        await chain.Client.SendAsync("x"u8.ToArray(), Ct);
        await chain.Server.ReceiveAsync(new byte[1], Ct);

        chain.Client.LingerState = new LingerOption(true, 0);
        chain.Client.Dispose();

        SocketException e = await Assert.ThrowsAsync<SocketException>(async () => await chain.Server.ReceiveAsync(new byte[1], Ct));
        Assert.Equal(SocketError.ConnectionReset, e.SocketErrorCode);
        Assert.Equal((RelayResult.AppReset, RelayResult.PeerReset), await chain.ResultsAsync());
    }

    [Fact]
    public async Task ServersReset_ReachesTheClientAsReset()
    {
        await using RelayChain chain = await RelayChain.StartAsync(Ct);
        await chain.Client.SendAsync("x"u8.ToArray(), Ct);
        await chain.Server.ReceiveAsync(new byte[1], Ct);

        chain.Server.LingerState = new LingerOption(true, 0);
        chain.Server.Dispose();

        SocketException e = await Assert.ThrowsAsync<SocketException>(async () => await chain.Client.ReceiveAsync(new byte[1], Ct));
        Assert.Equal(SocketError.ConnectionReset, e.SocketErrorCode);
        Assert.Equal((RelayResult.PeerReset, RelayResult.AppReset), await chain.ResultsAsync());
    }

    [Fact]
    public async Task Cancellation_ResetsBothSides()
    {
        await using RelayChain chain = await RelayChain.StartAsync(Ct);

        await chain.CancelAsync();

        await Assert.ThrowsAsync<SocketException>(async () => await chain.Client.ReceiveAsync(new byte[1], Ct));
        Assert.Equal(RelayResult.Cancelled, (await chain.ResultsAsync()).Near);
    }

    [Fact]
    public async Task LostTunnel_IsNamed()
    {
        await using RelayChain chain = await RelayChain.StartAsync(Ct);

        await chain.LoseTunnelAsync();

        Assert.Equal(RelayResult.TunnelLost, (await chain.ResultsAsync()).Near);
    }

    [Fact]
    public async Task Passthrough_CarriesBytesAndEnds()
    {
        (Socket client, Socket near) = await Loopback.PairAsync(Ct);
        (Socket far, Socket server) = await Loopback.PairAsync(Ct);
        await using SocketConnection app = new(near);
        await using SocketConnection peer = new(far);
        RelayCounters counters = new();
        Task<RelayResult> relay = StreamRelay.RunAsync(app, peer, counters, Ct);
        byte[] bytes = Pipes.Bytes(3 * 1024 * 1024);

        Task<byte[]> received = RelayChain.ReadAllAsync(server, Ct);
        await RelayChain.SendAllAsync(client, bytes, Ct);
        Assert.True(Pipes.Same(bytes, await received));
        server.Shutdown(SocketShutdown.Send);

        Assert.Equal(RelayResult.Completed, await relay);
        Assert.Equal(bytes.Length, counters.FromApp);
        client.Dispose();
        server.Dispose();
    }
}
