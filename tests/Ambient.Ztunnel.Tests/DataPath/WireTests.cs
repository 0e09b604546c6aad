using System.Net.Sockets;
using Ambient.Ztunnel.Hosting;
using Ambient.Ztunnel.Tests.Netlab;

namespace Ambient.Ztunnel.Tests.DataPath;

/// <summary>What somebody on the node's bridge sees.</summary>
public sealed class WireTests(PodNetwork network)
{
    private const int AllProtocols = 0x0300;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Words_between_captured_pods_are_not_on_the_wire(bool captured)
    {
        await using var mesh = new TestMesh(network);
        ZtunnelNode node = await mesh.NodeAsync();
        Pod client = captured ? await mesh.PodAsync(node, "client") : mesh.Pod();
        Pod server = captured ? await mesh.PodAsync(node, "server") : mesh.Pod();
        string secret = Guid.NewGuid().ToString();
        using TcpEndpoint app = server.Listen(8080);
        using var stop = new CancellationTokenSource();
        using var tap = new Socket(AddressFamily.Packet, SocketType.Raw, (ProtocolType)AllProtocols);
        Task<(bool Secret, bool Tunnel)> watching = WatchAsync(tap, secret, server.Address.GetAddressBytes(), stop.Token);

        using Socket from = await client.ConnectAsync(server.Address, 8080);
        await from.SayAsync(secret);
        using Socket to = await app.AcceptAsync();
        await to.HearAsync(secret);
        await Task.Delay(200, TestContext.Current.CancellationToken);
        await stop.CancelAsync();

        // In plaintext the same watcher does see it: else it would prove nothing.
        Assert.Equal((!captured, captured), await watching);
    }

    private static async Task<(bool Secret, bool Tunnel)> WatchAsync(Socket tap, string secret, byte[] server, CancellationToken stop)
    {
        byte[] words = System.Text.Encoding.ASCII.GetBytes(secret), frame = new byte[64 * 1024];
        bool seenSecret = false, seenTunnel = false;
        try
        {
            while (true)
            {
                int got = await tap.ReceiveAsync(frame, stop);
                seenSecret |= frame.AsSpan(0, got).IndexOf(words) >= 0;

                // Ethernet 14, IPv4 without options 20 with the destination last, then TCP's ports.
                seenTunnel |= got > 38 && frame.AsSpan(30, 4).SequenceEqual(server) && ((frame[36] << 8) | frame[37]) == 15008;
            }
        }
        catch (OperationCanceledException)
        {
            return (seenSecret, seenTunnel);
        }
    }
}
