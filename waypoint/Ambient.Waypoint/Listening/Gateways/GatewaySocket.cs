using System.Net;
using System.Net.Sockets;
using Ambient.Proxy.Sockets;
using Ambient.Waypoint.Hosting;
using Microsoft.Extensions.Logging;

namespace Ambient.Waypoint.Listening.Gateways;

/// <summary>One port that is listened to.</summary>
internal sealed class GatewaySocket : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    /// <exception cref="SocketException">The port is taken, or may not be listened to.</exception>
    internal GatewaySocket(WaypointContext context, int port, GatewayConnections connections)
    {
        IPAddress at = context.Config.BindAddress ?? (Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any);
        _socket = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (at.Equals(IPAddress.IPv6Any))
            {
                _socket.DualMode = true;
            }

            _socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            _socket.Bind(new IPEndPoint(at, port));
            _socket.Listen(1024);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }

        ILogger log = context.Loggers.CreateLogger("ambient.gateway");
        var loop = new AcceptLoop(_socket, socket => _ = connections.ServeAsync(socket, port), e => ListenerLog.AcceptFailed(log, e.Message), context.Time);
        _accepting = loop.RunAsync(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _socket.Dispose();
        _stop.Dispose();
    }
}
