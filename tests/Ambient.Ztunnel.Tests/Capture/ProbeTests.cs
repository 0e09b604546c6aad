using System.Net;
using System.Net.Sockets;
using Ambient.Proxy.Sockets;
using Ambient.Ztunnel.Capture;
using Ambient.Ztunnel.Hosting;
using Ambient.Ztunnel.Tests.Netlab;

namespace Ambient.Ztunnel.Tests.Capture;

/// <summary>
/// The rule in the node's own netns, of which this process has one, while the nodes of other tests would each put theirs there: so
/// nothing else runs meanwhile.
/// </summary>
[Collection(NodeAlone.Name)]
public sealed class ProbeTests(PodNetwork network)
{
    [Fact]
    public async Task Probe_from_the_node_passes_uncaptured_and_other_pods_cannot_look_like_one()
    {
        using Pod pod = network.NewPod();
        using Pod peer = network.NewPod();
        using TcpEndpoint inbound = pod.Listen(15006, IPAddress.IPv6Any);
        using TcpEndpoint app = pod.Listen(8080, IPAddress.IPv6Any);
        using var redirect = new PodRedirect(pod.Netns);
        await redirect.InstallAsync(new RedirectPlan { Marks = NodeMarks.Random() });
        using var probes = new NodeProbes(kubeletUser: 0);
        await probes.SetAsync([pod.Address, pod.Address6]);

        foreach ((IPAddress to, IPAddress seen) in ((IPAddress, IPAddress)[])
            [(pod.Address, ProbeAddress.V4), (pod.Address6, ProbeAddress.V6)])
        {
            using var kubelet = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await kubelet.ConnectAsync(new IPEndPoint(to, 8080), TestContext.Current.CancellationToken);
            using Socket served = await app.AcceptAsync();
            Assert.Equal(seen, ((IPEndPoint)served.RemoteEndPoint!).Unmapped().Address);
            await SocketWords.ExchangeAsync(kubelet, served);
        }

        Assert.True(await inbound.StaysQuietAsync());
        using Socket other = await peer.ConnectAsync(pod.Address, 8080);
        using Socket captured = await inbound.AcceptAsync();
        Assert.Equal(peer.Address, ((IPEndPoint)captured.RemoteEndPoint!).Unmapped().Address);
    }

    [Fact]
    public async Task Strict_refuses_plaintext_and_serves_the_mesh_and_probes()
    {
        await using var mesh = new TestMesh(network);
        mesh.Add(DataPath.Policies.Strict);
        ZtunnelNode node = await mesh.NodeAsync();
        Pod client = await mesh.PodAsync(node, "client");
        Pod server = await mesh.PodAsync(node, "server", DataPath.Policies.WithStrict);
        Pod outside = mesh.Pod();
        using TcpEndpoint app = server.Listen(8080, IPAddress.IPv6Any);

        await outside.IsResetAsync(server.Address, 8080);
        using Socket meshed = await client.ConnectAsync(server.Address, 8080);
        await meshed.SayAsync("in");
        using Socket served = await app.AcceptAsync();
        await served.HearAsync("in");

        using var kubelet = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await mesh.UntilAsync(() => Shell.Run("nft", "list", "table", "inet", "ambient-probes").Contains(server.Address.ToString(), StringComparison.Ordinal), "the probe rule knows the pod");
        await kubelet.ConnectAsync(new IPEndPoint(server.Address, 8080), TestContext.Current.CancellationToken);
        using Socket probed = await app.AcceptAsync();
        await SocketWords.ExchangeAsync(kubelet, probed);
        string line = await mesh.LineAsync("connection failed", $"src.addr={outside.Address}", "direction=inbound");
        Assert.Contains("policy=ambient-system/strict rule=0 reason=denied", line);
    }

    [Fact]
    public async Task Rule_that_somebody_removed_comes_back()
    {
        await using var mesh = new TestMesh(network);
        ZtunnelNode node = await mesh.NodeAsync();
        Pod pod = await mesh.PodAsync(node, "probed");
        await mesh.UntilAsync(() => Rules().Contains(pod.Address.ToString(), StringComparison.Ordinal), "the probe rule is there");

        Shell.Run("nft", "delete", "table", "inet", "ambient-probes");

        await mesh.UntilAsync(() => Rules().Contains(pod.Address.ToString(), StringComparison.Ordinal), "the probe rule is there again");
    }

    private static string Rules() => Shell.Run("nft", "list", "ruleset");
}
