using System.Net;
using System.Net.Sockets;

namespace Ambient.Hbone.Tests.Peers;

/// <summary>Connected sockets on 127.0.0.1.</summary>
internal static class Loopback
{
    public static Socket Listen()
    {
        Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(512);
        return listener;
    }

    public static async Task<Socket> ConnectAsync(EndPoint end, CancellationToken ct)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(end, ct);
        return socket;
    }

    public static async Task<(Socket One, Socket Other)> PairAsync(CancellationToken ct)
    {
        using Socket listener = Listen();
        Socket one = await ConnectAsync(listener.LocalEndPoint!, ct);
        return (one, await listener.AcceptAsync(ct));
    }
}
