using System.Net;
using System.Net.Sockets;
using Ambient.Core;
using Ambient.Hbone.Connect;
using Ambient.Identity.Svids;
using Ambient.Identity.Tls;
using Ambient.Proxy.Sockets;
using Ambient.Waypoint.Hosting;
using Microsoft.Extensions.Logging;

namespace Ambient.Waypoint.Listening;

/// <summary>Port 15008: mutual TLS as this waypoint, then HTTP/2 whose CONNECTs go to the handler.</summary>
internal sealed class TunnelListener : IAsyncDisposable
{
    private static readonly TimeSpan s_handshakeTimeout = TimeSpan.FromSeconds(10);

    private readonly WaypointContext _context;
    private readonly IConnectHandler _handler;
    private readonly HboneServerOptions _options;
    private readonly ILogger _log;
    private readonly SemaphoreSlim _handshakes;
    private readonly CancellationTokenSource _stopAccepting = new();
    private readonly CancellationTokenSource _drain = new();
    private readonly CancellationTokenSource _abort = new();
    private Socket? _socket;
    private Task _accepting = Task.CompletedTask;

    internal TunnelListener(WaypointContext context, IConnectHandler handler)
    {
        _context = context;
        _handler = handler;
        _log = context.Loggers.CreateLogger("ambient.listener");
        _options = new HboneServerOptions { Time = context.Time, Logger = _log };
        _handshakes = new SemaphoreSlim(context.Config.MaxHandshakes);
    }

    /// <exception cref="SocketException">The port is taken.</exception>
    internal void Start()
    {
        IPAddress at = _context.Config.BindAddress ?? (Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any);
        _socket = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (at.Equals(IPAddress.IPv6Any))
        {
            _socket.DualMode = true;
        }

        _socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _socket.Bind(new IPEndPoint(at, ProxyPorts.Hbone));
        _socket.Listen(1024);
        var loop = new AcceptLoop(_socket, socket => _ = ServeAsync(socket), e => ListenerLog.AcceptFailed(_log, e.Message), _context.Time);
        _accepting = loop.RunAsync(_stopAccepting.Token);
    }

    /// <summary>Peers are told to send no new streams on the tunnels they have; new tunnels are still taken.</summary>
    internal Task AnnounceEndAsync() => _drain.CancelAsync();

    internal async Task StopAcceptingAsync()
    {
        await _stopAccepting.CancelAsync();
        await _accepting;
        _socket?.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAcceptingAsync();
        await _abort.CancelAsync();
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            if (!await _handshakes.WaitAsync(0))
            {
                socket.CloseWithReset();
                return;
            }

            MeshConnection tunnel;
            try
            {
                socket.Tune();
                Svid svid = await _context.Svids.GetAsync(_context.Identity, _abort.Token);
                tunnel = await _context.Transport.AcceptTlsAsync(socket, svid, _context.Mesh.Current.Trust, s_handshakeTimeout, _abort.Token);
            }
            finally
            {
                _handshakes.Release();
            }

            await HboneServer.ServeAsync(tunnel, _handler, _options, _drain.Token, _abort.Token);
        }
        catch (Exception e)
        {
            ListenerLog.HandshakeFailed(_log, e.Message);
            socket.CloseWithReset();
        }
    }
}
