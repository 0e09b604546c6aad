using System.Net.Sockets;
using Ambient.Ztunnel.Hosting;
using Ambient.Ztunnel.Tests.Netlab;

namespace Ambient.Ztunnel.Tests.Connections;

/// <summary>One pod cannot starve another.</summary>
public sealed class BudgetTests(PodNetwork network)
{
    [Fact]
    public async Task Pod_at_its_limit_is_refused_and_the_others_are_served()
    {
        await using var mesh = new TestMesh(network);
        ZtunnelNode node = await mesh.NodeAsync(c => c with { MaxConnectionsPerPod = 3 });
        Pod greedy = await mesh.PodAsync(node, "greedy"), modest = await mesh.PodAsync(node, "modest"), outside = mesh.Pod();
        using TcpEndpoint app = outside.Listen(80);
        List<Socket> held = [];
        for (int i = 0; i < 3; i++)
        {
            held.Add(await MeetAsync(greedy, outside, app, held));
        }

        await greedy.IsResetAsync(outside.Address, 80);
        Assert.True(await app.StaysQuietAsync());
        using Socket served = await MeetAsync(modest, outside, app, held);

        foreach (Socket socket in held)
        {
            socket.Dispose();
        }

        await mesh.UntilAsync(() => node.Parts.Pods.Keepers.Single(k => k.Uid == TestMesh.UidOf(greedy)).Capture!.Proxy.Pod.Budget.Connections == 0, "the budget is given back");
        using Socket again = await MeetAsync(greedy, outside, app, []);
        Assert.Equal(1, node.Parts.Pods.Keepers.Single(k => k.Uid == TestMesh.UidOf(greedy)).Capture!.Proxy.Pod.Budget.Refused);
    }

    private static async Task<Socket> MeetAsync(Pod from, Pod to, TcpEndpoint app, List<Socket> held)
    {
        Socket client = await from.ConnectAsync(to.Address, 80);
        Socket server = await app.AcceptAsync();
        held.Add(server);
        await SocketWords.ExchangeAsync(client, server);
        return client;
    }
}
