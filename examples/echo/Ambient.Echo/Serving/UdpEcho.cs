using System.Net;
using System.Net.Sockets;

namespace Ambient.Echo.Serving;

/// <summary>Sends each datagram back to where it came from.</summary>
internal static class UdpEcho
{
    public static async Task ServeAsync(int port, CancellationToken stop)
    {
        using var socket = EchoServer.Bind(port, SocketType.Dgram);
        var buffer = new byte[64 * 1024];
        var any = new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var from = await socket.ReceiveFromAsync(buffer, any, stop).ConfigureAwait(false);
                await socket.SendToAsync(buffer.AsMemory(0, from.ReceivedBytes), from.RemoteEndPoint, stop).ConfigureAwait(false);
            }
            catch (SocketException)
            {
                // An ICMP error about an earlier answer.
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
