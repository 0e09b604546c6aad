using System.Net;
using System.Net.Sockets;
using Ambient.Proxy.Names;
using Ambient.Ztunnel.Hosting;
using Ambient.Ztunnel.Tests.Netlab;

namespace Ambient.Ztunnel.Tests.Dns;

/// <summary>Questions of a captured pod, by the wire.</summary>
public sealed class DnsProxyTests(PodNetwork network)
{
    [Theory]
    [InlineData("orders.shop.svc.cluster.local", 1, "10.96.50.1")]
    [InlineData("ORDERS.shop.svc.cluster.local", 28, "fd00:96::50")]
    public async Task Mesh_name_is_answered_from_the_mesh(string name, int type, string expected)
    {
        await using var mesh = new TestMesh(network);
        mesh.Add(TestMesh.ServiceOf("orders", "10.96.50.1", 80, IPAddress.Parse("fd00:96::50")));
        ZtunnelNode node = await mesh.NodeAsync();
        Pod client = await mesh.PodAsync(node, "client");
        Pod nameserver = mesh.Pod();

        byte[] reply = await AskAsync(client, nameserver.Address, DnsBytes.Query(7, name, type));

        Assert.Equal(0, reply[3] & 0x0f);
        Assert.Equal(1, reply[7]);
        Assert.Equal(IPAddress.Parse(expected), new IPAddress(reply[^(type == 1 ? 4 : 16)..]));
    }

    [Fact]
    public async Task Declared_outside_host_is_recognised_under_the_search_list_and_tcp_works_too()
    {
        await using var mesh = new TestMesh(network);
        mesh.Add(TestMesh.ServiceOf("api", "240.240.0.1", 443) with { Hostname = "api.example.com" });
        await File.WriteAllTextAsync(Path.Combine(mesh.DirectoryPath, "resolv.conf"),
            "search shop.svc.cluster.local svc.cluster.local\noptions ndots:5\n", TestContext.Current.CancellationToken);
        ZtunnelNode node = await mesh.NodeAsync();
        Pod client = await mesh.PodAsync(node, "client");
        using Socket tcp = await client.ConnectAsync(mesh.Pod().Address, 53);

        await DnsStream.WriteAsync(tcp, DnsBytes.Query(9, "api.example.com.shop.svc.cluster.local", 1), TestContext.Current.CancellationToken);
        byte[]? reply = await DnsStream.ReadAsync(tcp, 4096, TestContext.Current.CancellationToken);

        Assert.Equal(2, reply![7]);
        Assert.Equal(IPAddress.Parse("240.240.0.1"), new IPAddress(reply[^4..]));
    }

    [Fact]
    public async Task Other_name_is_forwarded_unchanged_to_the_nameserver()
    {
        await using var mesh = new TestMesh(network);
        Pod nameserver = mesh.Pod();
        await File.WriteAllTextAsync(Path.Combine(mesh.DirectoryPath, "resolv.conf"), $"nameserver {nameserver.Address}\n", TestContext.Current.CancellationToken);
        ZtunnelNode node = await mesh.NodeAsync();
        Pod client = await mesh.PodAsync(node, "client");
        using Socket server = nameserver.Netns.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        server.Bind(new IPEndPoint(nameserver.Address, 53));
        byte[] query = DnsBytes.Query(11, "example.org", 16), answer = [.. query, 1, 2, 3];

        Task<byte[]> asked = AskAsync(client, nameserver.Address, query);
        byte[] buffer = new byte[512];
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        SocketReceiveFromResult got = await server.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), limit.Token);
        await server.SendToAsync(answer, got.RemoteEndPoint, limit.Token);

        Assert.Equal(query, buffer[..got.ReceivedBytes]);
        Assert.Equal(answer, await asked);
        Assert.Equal(client.Address, ((IPEndPoint)got.RemoteEndPoint).Address);
    }

    [Fact]
    public async Task Without_an_answer_the_pod_gets_a_failure_and_no_silence()
    {
        await using var mesh = new TestMesh(network);
        await File.WriteAllTextAsync(Path.Combine(mesh.DirectoryPath, "resolv.conf"), "\n", TestContext.Current.CancellationToken);
        ZtunnelNode node = await mesh.NodeAsync();
        Pod client = await mesh.PodAsync(node, "client");

        byte[] reply = await AskAsync(client, mesh.Pod().Address, DnsBytes.Query(3, "example.org", 1));

        Assert.Equal(2, reply[3] & 0x0f);
    }

    private static async Task<byte[]> AskAsync(Pod client, IPAddress nameserver, byte[] query)
    {
        using Socket socket = client.Netns.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(6));
        await socket.ConnectAsync(new IPEndPoint(nameserver, 53), limit.Token);
        await socket.SendAsync(query, limit.Token);
        byte[] buffer = new byte[512];
        int got = await socket.ReceiveAsync(buffer, limit.Token);
        Assert.Equal(query[..2], buffer[..2]);
        return buffer[..got];
    }
}
