using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Ztunnel.Hosting;
using Ambient.Ztunnel.Tests.Netlab;

namespace Ambient.Ztunnel.Tests.DataPath;

/// <summary>A declared outside host: the mesh answers its name with an address of its own, and the proxy finds the real one.</summary>
public sealed class NamedEndpointTests(PodNetwork network)
{
    private const string Vip = "240.240.7.7", Host = "api.example.com";

    [Fact]
    public async Task Host_OutsideTheMesh_IsResolvedWhereItIsCalledAndOnlyOnce()
    {
        await using var mesh = new TestMesh(network);
        Pod nameserver = mesh.Pod(), outside = mesh.Pod();
        using Nameserver names = await StartAsync(mesh, nameserver, outside.Address);
        Pod client = await mesh.PodAsync(await mesh.NodeAsync(), "client");
        using TcpEndpoint app = outside.Listen(8443);

        for (int i = 0; i < 3; i++)
        {
            using Socket from = await client.ConnectAsync(IPAddress.Parse(Vip), 443);
            using Socket to = await app.AcceptAsync();
            await SocketWords.ExchangeAsync(from, to);
        }

        Assert.Equal(2, names.Asked); // one for each family
        await mesh.LineAsync("direction=outbound", $"dst.service={Host}", $"dst.addr={Vip}:443");
    }

    [Fact]
    public async Task Host_ThatNobodyKnows_IsRefusedAndSaysWhy()
    {
        await using var mesh = new TestMesh(network);
        using Nameserver names = await StartAsync(mesh, mesh.Pod(), null);
        Pod client = await mesh.PodAsync(await mesh.NodeAsync(), "client");

        using Socket from = await client.ConnectAsync(IPAddress.Parse(Vip), 443);

        await from.HearResetAsync();
        await mesh.LineAsync("direction=outbound", $"{Host} cannot be resolved");
    }

    [Fact]
    public async Task Host_ThatLeadsToAPodOfTheMesh_IsCalledByTunnel()
    {
        await using var mesh = new TestMesh(network);
        Pod nameserver = mesh.Pod();
        ZtunnelNode node = await mesh.NodeAsync(c => c);
        Pod server = await mesh.PodAsync(node, "server");
        using Nameserver names = await StartAsync(mesh, nameserver, server.Address);
        Pod client = await mesh.PodAsync(node, "client");
        using TcpEndpoint app = server.Listen(8443);

        using Socket from = await client.ConnectAsync(IPAddress.Parse(Vip), 443);
        using Socket to = await app.AcceptAsync();
        await SocketWords.ExchangeAsync(from, to);
        from.Close();
        to.Close();

        await mesh.LineAsync("direction=inbound", "src.identity=spiffe://cluster.local/ns/shop/sa/client", "sa/server");
    }

    private static async Task<Nameserver> StartAsync(TestMesh mesh, Pod nameserver, IPAddress? answer)
    {
        await File.WriteAllTextAsync(Path.Combine(mesh.DirectoryPath, "resolv.conf"), $"nameserver {nameserver.Address}\n", TestContext.Current.CancellationToken);
        MeshService service = TestMesh.ServiceOf("api", Vip, 443) with { Hostname = Host, Ports = [new ServicePort(443, 8443, AppProtocol.Tls)] };
        mesh.Add(service);
        mesh.Add(new Workload
        {
            Uid = $"Kubernetes/networking.istio.io/ServiceEntry/shop/api/{Host}",
            Name = "api",
            Namespace = TestMesh.Namespace,
            Hostname = Host,
            Services = ImmutableDictionary<string, ImmutableArray<ServicePort>>.Empty.Add(service.Key, [new ServicePort(443, 8443, AppProtocol.Tls)]),
        });
        return new Nameserver(nameserver, answer);
    }

    /// <summary>Answers A questions with one address, others with none; unknown names when there is no address.</summary>
    private sealed class Nameserver : IDisposable
    {
        private readonly Socket _socket;
        private readonly IPAddress? _answer;
        private int _asked;

        public Nameserver(Pod pod, IPAddress? answer)
        {
            _answer = answer;
            _socket = pod.Netns.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            _socket.Bind(new IPEndPoint(pod.Address, 53));
            _ = ServeAsync();
        }

        public int Asked => Volatile.Read(ref _asked);

        public void Dispose() => _socket.Dispose();

        private async Task ServeAsync()
        {
            byte[] buffer = new byte[512];
            try
            {
                while (true)
                {
                    SocketReceiveFromResult got = await _socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
                    Interlocked.Increment(ref _asked);
                    await _socket.SendToAsync(Reply(buffer[..got.ReceivedBytes]), got.RemoteEndPoint);
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The test has ended.
            }
        }

        private byte[] Reply(byte[] question)
        {
            bool isA = question[^3] == 1;
            byte[] head = [.. question];
            (head[2], head[3], head[7]) = (0x81, (byte)(_answer is null ? 0x83 : 0x80), (byte)(_answer is not null && isA ? 1 : 0));
            return _answer is null || !isA ? head : [.. head, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, .. _answer.GetAddressBytes()];
        }
    }
}
