using System.Net.Sockets;
using Ambient.Ztunnel.Hosting;
using Ambient.Ztunnel.Tests.Netlab;

namespace Ambient.Ztunnel.Tests.DataPath;

/// <summary>An application's connection from one captured pod to another, established and tried.</summary>
internal sealed class ConnectedPair : IAsyncDisposable
{
    private readonly TestMesh _mesh;

    private ConnectedPair(TestMesh mesh, Socket client, Socket server)
    {
        _mesh = mesh;
        Client = client;
        Server = server;
    }

    internal Socket Client { get; }

    internal Socket Server { get; }

    internal static async Task<ConnectedPair> MakeAsync(PodNetwork network)
    {
        var mesh = new TestMesh(network);
        ZtunnelNode node = await mesh.NodeAsync();
        Pod client = await mesh.PodAsync(node, "client");
        Pod server = await mesh.PodAsync(node, "server");
        using TcpEndpoint app = server.Listen(8080);
        Socket from = await client.ConnectAsync(server.Address, 8080);
        Socket to = await app.AcceptAsync();
        await SocketWords.ExchangeAsync(from, to);
        return new ConnectedPair(mesh, from, to);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Server.Dispose();
        await _mesh.DisposeAsync();
    }
}
