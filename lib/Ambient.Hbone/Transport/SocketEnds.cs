using System.Net;
using System.Net.Sockets;

namespace Ambient.Hbone.Transport;

/// <summary>Addresses and the hard end of a socket.</summary>
internal static class SocketEnds
{
    public static IPEndPoint Remote(Socket socket) => Plain((IPEndPoint)socket.RemoteEndPoint!);

    public static IPEndPoint Local(Socket socket) => Plain((IPEndPoint)socket.LocalEndPoint!);

    /// <summary>RST instead of FIN; what waits on the socket fails.</summary>
    public static void Abort(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Closed before.
        }

        socket.Dispose();
    }

    // A listener on [::] sees IPv4 peers as mapped addresses; nobody above wants to know.
    private static IPEndPoint Plain(IPEndPoint end) =>
        end.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(end.Address.MapToIPv4(), end.Port) : end;
}
