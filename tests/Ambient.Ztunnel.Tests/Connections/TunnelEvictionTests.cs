using System.Net.Sockets;
using Ambient.Ztunnel.Hosting;
using Ambient.Ztunnel.Tests.Netlab;

namespace Ambient.Ztunnel.Tests.Connections;

public sealed class TunnelEvictionTests(PodNetwork network)
{
    [Fact]
    public async Task Tunnel_to_a_workload_that_leaves_is_not_used_for_whoever_gets_its_address()
    {
        await using var mesh = new TestMesh(network);
        ZtunnelNode node = await mesh.NodeAsync();
        Pod client = await mesh.PodAsync(node, "client"), server = await mesh.PodAsync(node, "server");
        using TcpEndpoint app = server.Listen(8080);
        using (Socket from = await client.ConnectAsync(server.Address, 8080))
        {
            await from.SayAsync("x");
            using Socket to = await app.AcceptAsync();
            await to.HearAsync("x");
        }

        Assert.Equal(1, Tunnels(node, client));
        mesh.Remove(TestMesh.WorkloadUidOf(server));
        await mesh.PublishAsync();
        await mesh.UntilAsync(() => Tunnels(node, client) == 0, "the tunnel is gone");

        mesh.Add(TestMesh.WorkloadOf(server, "another"));
        await mesh.PublishAsync();
        await client.IsResetAsync(server.Address, 8080);
        Assert.True(await app.StaysQuietAsync());
    }

    private static int Tunnels(ZtunnelNode node, Pod pod) => node.Parts.Pods.Keepers.Single(k => k.Uid == TestMesh.UidOf(pod))
        .Capture!.Proxy.Pod.Pool.Status.Sum(s => s.Connections);
}
