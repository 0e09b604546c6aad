using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Ambient.Proxy.Names;
using Ambient.Ztunnel.Hosting;
using Ambient.Ztunnel.Tests.Netlab;

namespace Ambient.Ztunnel.Tests.Dns;

/// <summary>What a pod may ask of its DNS proxy.</summary>
public sealed class DnsBoundsTests(PodNetwork network)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Several_questions_over_one_tcp_connection_are_all_answered()
    {
        await using var mesh = new TestMesh(network);
        mesh.Add(TestMesh.ServiceOf("orders", "10.96.51.1", 80));
        ZtunnelNode node = await mesh.NodeAsync();
        Pod client = await mesh.PodAsync(node, "client");
        using Socket tcp = await client.ConnectAsync(mesh.Pod().Address, 53);

        for (byte id = 1; id <= 3; id++)
        {
            await DnsStream.WriteAsync(tcp, DnsBytes.Query(id, "orders.shop.svc.cluster.local", 1), Ct);
            byte[]? reply = await DnsStream.ReadAsync(tcp, 4096, Ct);
            Assert.Equal(id, reply![1]);
            Assert.Equal(IPAddress.Parse("10.96.51.1"), new IPAddress(reply[^4..]));
        }

        string metrics = node.Parts.Context.Metrics.Render([]);
        Assert.Contains("istio_dns_requests_total{request_query_type=\"A\",request_protocol=\"tcp\",source_canonical_service=\"client\",source_canonical_revision=\"v1\"} 3\n", metrics);
    }

    [Theory]
    [InlineData(4097)]
    [InlineData(65_535)]
    [InlineData(0)]
    [InlineData(11)]
    public async Task Message_of_a_length_that_no_question_has_ends_the_connection(int length)
    {
        await using var mesh = new TestMesh(network);
        ZtunnelNode node = await mesh.NodeAsync();
        Pod client = await mesh.PodAsync(node, "client");
        using Socket tcp = await client.ConnectAsync(mesh.Pod().Address, 53);
        byte[] message = new byte[2 + Math.Min(length, 11)];
        BinaryPrimitives.WriteUInt16BigEndian(message, (ushort)length);

        await tcp.SendAsync(message, Ct);

        Assert.True(await EndsAsync(tcp));
    }

    [Fact]
    public async Task Questions_beyond_the_pods_share_fail_at_once_and_another_pod_is_served()
    {
        await using var mesh = new TestMesh(network);
        Pod silent = mesh.Pod();
        await File.WriteAllTextAsync(Path.Combine(mesh.DirectoryPath, "resolv.conf"), $"nameserver {silent.Address}\n", Ct);
        mesh.Add(TestMesh.ServiceOf("orders", "10.96.52.1", 80));
        ZtunnelNode node = await mesh.NodeAsync();
        Pod greedy = await mesh.PodAsync(node, "greedy"), modest = await mesh.PodAsync(node, "modest");
        using Socket listening = silent.Netns.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        listening.Bind(new IPEndPoint(silent.Address, 53));
        using Socket flood = greedy.Netns.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await flood.ConnectAsync(new IPEndPoint(silent.Address, 53), Ct);
        byte[] buffer = new byte[512];

        Task<int> first = flood.ReceiveAsync(buffer, Ct).AsTask();
        for (int i = 0; i < 400 && !first.IsCompleted; i++)
        {
            await flood.SendAsync(DnsBytes.Query((byte)i, "example.org", 1), Ct);
            await Task.Delay(1, Ct);
        }

        Assert.True(await first > 0);
        Assert.Equal(2, buffer[3] & 0x0f);
        Assert.True(listening.Available > 0);
        using Socket other = modest.Netns.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await other.ConnectAsync(new IPEndPoint(silent.Address, 53), Ct);
        await other.SendAsync(DnsBytes.Query(9, "orders.shop.svc.cluster.local", 1), Ct);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        int got = await other.ReceiveAsync(buffer, limit.Token);
        Assert.Equal(IPAddress.Parse("10.96.52.1"), new IPAddress(buffer[(got - 4)..got]));
    }

    private static async Task<bool> EndsAsync(Socket socket)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            return await socket.ReceiveAsync(new byte[1], limit.Token) == 0;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == SocketError.ConnectionReset;
        }
    }
}
