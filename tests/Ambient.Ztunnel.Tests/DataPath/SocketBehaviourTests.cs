using System.Net;
using System.Net.Sockets;
using Ambient.Ztunnel.Hosting;
using Ambient.Ztunnel.Tests.Netlab;

namespace Ambient.Ztunnel.Tests.DataPath;

/// <summary>What an application notices of the mesh: nothing.</summary>
public sealed class SocketBehaviourTests(PodNetwork network)
{
    [Fact]
    public async Task Half_close_is_carried_over_in_both_directions()
    {
        await using var pair = await ConnectedPair.MakeAsync(network);

        pair.Client.Shutdown(SocketShutdown.Send);
        await pair.Server.HearEndAsync();
        await pair.Server.SayAsync("still here");
        await pair.Client.HearAsync("still here");
        pair.Server.Shutdown(SocketShutdown.Send);

        await pair.Client.HearEndAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reset_stays_a_reset(bool byClient)
    {
        await using var pair = await ConnectedPair.MakeAsync(network);
        (Socket resets, Socket hears) = byClient ? (pair.Client, pair.Server) : (pair.Server, pair.Client);

        resets.LingerState = new LingerOption(true, 0);
        resets.Dispose();

        await hears.HearResetAsync();
    }

    [Fact]
    public async Task Server_may_speak_first()
    {
        await using var mesh = new TestMesh(network);
        ZtunnelNode node = await mesh.NodeAsync();
        Pod client = await mesh.PodAsync(node, "client");
        Pod server = await mesh.PodAsync(node, "server");
        using TcpEndpoint app = server.Listen(3306);

        using Socket from = await client.ConnectAsync(server.Address, 3306);
        using Socket to = await app.AcceptAsync();
        await to.SayAsync("greeting");

        await from.HearAsync("greeting");
    }

    [Fact]
    public async Task Nobody_listening_is_a_reset()
    {
        await using var mesh = new TestMesh(network);
        ZtunnelNode node = await mesh.NodeAsync();
        Pod client = await mesh.PodAsync(node, "client");
        Pod server = await mesh.PodAsync(node, "server");

        await client.IsResetAsync(server.Address, 9);

        await mesh.LineAsync("direction=inbound", "the application could not be reached");
    }

    [Fact]
    public async Task Uncaptured_destination_is_reached_in_plaintext_from_the_pods_address()
    {
        await using var mesh = new TestMesh(network);
        ZtunnelNode node = await mesh.NodeAsync();
        Pod client = await mesh.PodAsync(node, "client");
        Pod outside = mesh.Pod();
        using TcpEndpoint app = outside.Listen(8080);

        using Socket from = await client.ConnectAsync(outside.Address, 8080);
        using Socket to = await app.AcceptAsync();
        await SocketWords.ExchangeAsync(from, to);

        Assert.Equal(client.Address, ((IPEndPoint)to.RemoteEndPoint!).Address);
    }

    [Fact]
    public async Task Calls_to_oneself_pass_by_address_loopback_and_service()
    {
        await using var mesh = new TestMesh(network);
        mesh.Add(Policies.Strict);
        mesh.Add(TestMesh.ServiceOf("self", "10.96.77.1", 8080));
        ZtunnelNode node = await mesh.NodeAsync();
        Pod pod = await mesh.PodAsync(node, "self", w => Policies.WithStrict(w) with
        {
            Services = w.Services.Add("shop/self.shop.svc.cluster.local", [new Core.Services.ServicePort(8080, 8080)]),
        });
        using TcpEndpoint app = pod.Listen(8080, IPAddress.IPv6Any);

        foreach (IPAddress address in (IPAddress[])[pod.Address, pod.Address6, IPAddress.Loopback, IPAddress.Parse("10.96.77.1")])
        {
            using Socket from = await pod.ConnectAsync(address, 8080);
            await from.SayAsync("me");
            using Socket to = await app.AcceptAsync();
            await to.HearAsync("me");
            await SocketWords.ExchangeAsync(from, to);
        }
    }

    [Fact]
    public async Task Large_transfer_arrives_whole_in_both_directions()
    {
        await using var pair = await ConnectedPair.MakeAsync(network);
        byte[] sent = new byte[8 * 1024 * 1024];
        Random.Shared.NextBytes(sent);

        Task<byte[]> there = ReadAllAsync(pair.Server), back = ReadAllAsync(pair.Client);
        await Task.WhenAll(SendAllAsync(pair.Client, sent), SendAllAsync(pair.Server, sent));

        byte[] arrivedThere = await there, arrivedBack = await back;
        Assert.True(sent.AsSpan().SequenceEqual(arrivedThere));
        Assert.True(sent.AsSpan().SequenceEqual(arrivedBack));
    }

    private static async Task SendAllAsync(Socket socket, byte[] bytes)
    {
        for (int at = 0; at < bytes.Length;)
        {
            at += await socket.SendAsync(bytes.AsMemory(at), TestContext.Current.CancellationToken);
        }

        socket.Shutdown(SocketShutdown.Send);
    }

    private static async Task<byte[]> ReadAllAsync(Socket socket)
    {
        var all = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        while (await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken) is > 0 and var n)
        {
            all.Write(buffer, 0, n);
        }

        return all.ToArray();
    }
}
