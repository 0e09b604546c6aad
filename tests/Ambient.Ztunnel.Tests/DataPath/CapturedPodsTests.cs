using System.Net;
using System.Net.Sockets;
using Ambient.Ztunnel.Hosting;
using Ambient.Ztunnel.Tests.Netlab;

namespace Ambient.Ztunnel.Tests.DataPath;

/// <summary>Connections between pods, through one proxy and through two.</summary>
public sealed class CapturedPodsTests(PodNetwork network)
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Captured_to_captured_goes_by_mutual_tls(bool twoNodes, bool six)
    {
        await using var mesh = new TestMesh(network);
        ZtunnelNode a = await mesh.NodeAsync();
        ZtunnelNode b = twoNodes ? await mesh.NodeAsync() : a;
        Pod client = await mesh.PodAsync(a, "client");
        Pod server = await mesh.PodAsync(b, "server");
        using TcpEndpoint app = server.Listen(8080, IPAddress.IPv6Any);

        using Socket from = await client.ConnectAsync(six ? server.Address6 : server.Address, 8080);
        await from.SayAsync("hello");
        using Socket to = await app.AcceptAsync();
        await to.HearAsync("hello");
        await SocketWords.ExchangeAsync(from, to);

        Assert.Equal(six ? client.Address6 : client.Address, ((IPEndPoint)to.RemoteEndPoint!).Address is { IsIPv4MappedToIPv6: true } m ? m.MapToIPv4() : ((IPEndPoint)to.RemoteEndPoint!).Address);
        from.Dispose();
        await to.HearEndAsync();
        to.Dispose();
        string line = await mesh.LineAsync("direction=inbound", "connection complete", "src.identity=spiffe://cluster.local/ns/shop/sa/client");
        Assert.Contains("dst.identity=spiffe://cluster.local/ns/shop/sa/server", line);
        Assert.Contains("bytes_recv=10", line);
    }
}
