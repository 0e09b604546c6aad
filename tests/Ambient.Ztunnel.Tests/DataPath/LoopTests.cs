using System.Net;
using System.Net.Sockets;
using Ambient.Ztunnel.Hosting;
using Ambient.Ztunnel.Tests.Netlab;

namespace Ambient.Ztunnel.Tests.DataPath;

/// <summary>Calls to the proxy's own ports, from everywhere to everywhere, end and do not circle (reference 4.5).</summary>
public sealed class LoopTests(PodNetwork network)
{
    [Fact]
    public async Task Explicit_calls_to_proxy_ports_end_without_a_loop()
    {
        await using var mesh = new TestMesh(network);
        ZtunnelNode node = await mesh.NodeAsync();
        Pod self = await mesh.PodAsync(node, "self");
        Pod other = await mesh.PodAsync(node, "other");
        Pod outside = mesh.Pod();

        foreach (int port in (int[])[15001, 15006, 15008])
        {
            foreach ((Pod from, IPAddress to) in ((Pod, IPAddress)[])
                [(self, IPAddress.Loopback), (self, self.Address), (self, other.Address), (self, self.Address6), (outside, self.Address)])
            {
                await EndsAsync(from, to, port);
            }
        }

        await mesh.UntilAsync(() => !node.Parts.Pods.OpenConnections.Any(), "no connection circles");
    }

    // An orderly end, a reset or a TLS alert: anything but an open connection.
    private static async Task EndsAsync(Pod from, IPAddress to, int port)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        byte[] buffer = new byte[1024];
        try
        {
            using Socket socket = await from.ConnectAsync(to, port);
            await socket.SayAsync("GET / HTTP/1.1\r\n\r\n");
            while (await socket.ReceiveAsync(buffer, limit.Token) > 0)
            {
            }
        }
        catch (SocketException)
        {
            return;
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{from.Name} to {to}:{port} stays open");
        }
    }
}
