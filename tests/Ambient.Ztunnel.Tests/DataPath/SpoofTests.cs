using Ambient.Hbone.Pool;
using Ambient.Ztunnel.Hosting;
using Ambient.Ztunnel.Tests.Netlab;

namespace Ambient.Ztunnel.Tests.DataPath;

/// <summary>A peer with a genuine certificate of this mesh that says what it should not.</summary>
public sealed class SpoofTests(PodNetwork network)
{
    [Fact]
    public async Task Stolen_certificate_from_another_pods_address_is_refused()
    {
        await using var mesh = new TestMesh(network);
        ZtunnelNode node = await mesh.NodeAsync();
        Pod server = await mesh.PodAsync(node, "server");
        Pod thief = mesh.Pod();
        mesh.Add(TestMesh.WorkloadOf(thief, "thief"));
        await mesh.PublishAsync();

        HboneConnectException e = await RefusedAsync(mesh, thief, server, "admin", $"{server.Address}:8080");

        Assert.Equal(401, e.Status);
        await mesh.LineAsync("direction=inbound", "sa/admin was presented from", thief.Address.ToString());
    }

    [Fact]
    public async Task Authority_of_another_pod_is_refused()
    {
        await using var mesh = new TestMesh(network);
        ZtunnelNode node = await mesh.NodeAsync();
        Pod server = await mesh.PodAsync(node, "server");
        Pod other = await mesh.PodAsync(node, "other");
        Pod peer = mesh.Pod();

        Assert.Equal(400, (await RefusedAsync(mesh, peer, server, "peer", $"{other.Address}:8080")).Status);
        Assert.Equal(400, (await RefusedAsync(mesh, peer, server, "peer", "127.0.0.1:8080")).Status);
        Assert.Equal(400, (await RefusedAsync(mesh, peer, server, "peer", "nowhere.example:8080")).Status);
        Assert.Equal(503, (await RefusedAsync(mesh, peer, server, "peer", $"{server.Address}:15001")).Status);
    }

    [Fact]
    public async Task Certificate_of_another_mesh_does_not_get_past_the_handshake()
    {
        await using var mesh = new TestMesh(network);
        await using var foreign = new TestMesh(network);
        ZtunnelNode node = await mesh.NodeAsync();
        Pod server = await mesh.PodAsync(node, "server");
        Pod peer = mesh.Pod();

        HboneConnectException e = await RefusedAsync(foreign, peer, server, "peer", $"{server.Address}:8080");

        Assert.NotEqual(HboneConnectFailure.Status, e.Failure);
    }

    private static async Task<HboneConnectException> RefusedAsync(TestMesh mesh, Pod from, Pod to, string serviceAccount, string authority)
    {
        await using var peer = new TunnelPeer(mesh, from, serviceAccount);
        return await peer.RefusedAsync(to, authority);
    }
}
