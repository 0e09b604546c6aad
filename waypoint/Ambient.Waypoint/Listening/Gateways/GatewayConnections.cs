using System.Net;
using System.Net.Sockets;
using Ambient.Core.Addresses;
using Ambient.Core.Gateways;
using Ambient.Identity.Tls;
using Ambient.Proxy.Sockets;
using Ambient.Routing.Gateways;
using Ambient.Waypoint.Connections;
using Ambient.Waypoint.Hosting;
using Ambient.Waypoint.Requests;
using Microsoft.Extensions.Logging;

namespace Ambient.Waypoint.Listening.Gateways;

/// <summary>
/// What a connection to a gateway's port meets, in order:
/// <list type="number">
/// <item>room, and the PROXY header where the listener wants one;</item>
/// <item>its first bytes: the server name of a ClientHello chooses the listener;</item>
/// <item>TLS is ended, or passed on unopened;</item>
/// <item>HTTP goes to Kestrel and the pipeline, bytes by their TLS or TCP rules.</item>
/// </list>
/// The caller is nobody, or known when it came by HBONE; what goes on into the mesh goes as the gateway itself.
/// </summary>
internal sealed class GatewayConnections(WaypointContext context, FrontServer front, GatewayStreams streams) : IDisposable
{
    private static readonly TimeSpan s_handshakeTime = TimeSpan.FromSeconds(10);

    private readonly ILogger _log = context.Loggers.CreateLogger("ambient.gateway");
    private readonly ListenerTlsOptions _tls = new(context);
    private readonly CancellationTokenSource _leaving = new();
    private readonly CancellationTokenSource _cut = new();
    private int _open;

    internal int Open => Volatile.Read(ref _open);

    /// <summary>Connections on which nothing was asked yet end.</summary>
    internal Task LeaveAsync() => _leaving.CancelAsync();

    /// <summary>Connections that are passed on end now.</summary>
    internal Task CutAsync() => _cut.CancelAsync();

    public void Dispose()
    {
        _leaving.Dispose();
        _cut.Dispose();
    }

    internal async Task ServeAsync(Socket socket, int number)
    {
        if (Interlocked.Increment(ref _open) > context.Config.MaxConnections)
        {
            socket.CloseWithReset();
            Interlocked.Decrement(ref _open);
            return;
        }

        try
        {
            socket.Tune();
            await using MeshConnection raw = context.Transport.AcceptPlain(socket);
            await ServeAsync(raw, number);
        }
        catch (Exception e)
        {
            GatewayLog.Refused(_log, new IPEndPoint(IPAddress.None, 0), number, e.Message);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    /// <summary>The connection stays its owner's.</summary>
    internal async Task ServeAsync(MeshConnection raw, int number)
    {
        if (context.Mesh.Current.Gateway?.Find(number) is not { } port)
        {
            raw.Abort();
            return;
        }

        IPEndPoint remote = MappedAddresses.Unmap(raw.RemoteEndPoint);
        if (port.Listeners[0].ProxyProtocol && !IsOfMesh(raw))
        {
            using Patience patience = Wait();
            if (await ProxyHeaderReader.ReadAsync(raw.Input, remote, patience.Token) is not { } told)
            {
                Refuse(raw, remote, number, "no PROXY protocol header");
                return;
            }

            remote = told;
        }

        switch (port.Kind)
        {
            case GatewayPortKind.Http:
                await ServeHttpAsync(raw, port, remote);
                break;
            case GatewayPortKind.Tls:
                await ServeTlsAsync(raw, port, remote);
                break;
            default:
                await PassAsync(raw, raw, port.Listeners[0], remote, isTls: false, null);
                break;
        }
    }

    private async Task ServeHttpAsync(MeshConnection raw, GatewayPort port, IPEndPoint remote)
    {
        if (port.Listeners.All(l => l.Invalid is not null || (l.MeshOnly && !IsOfMesh(raw))))
        {
            Refuse(raw, remote, port.Number, port.Listeners[0].Invalid ?? "the server is only for connections of the mesh (ISTIO_MUTUAL)");
            return;
        }

        Opening opening = await Opening.ReadAsync(raw.Input, _leaving.Token);
        if (opening.Spoken != Spoken.Undecided || !(opening.Ended || _leaving.IsCancellationRequested))
        {
            await FrontAsync(raw, raw, Connection(raw, port.Listeners[0], remote), opening.Spoken == Spoken.Http2);
        }
    }

    private async Task ServeTlsAsync(MeshConnection raw, GatewayPort port, IPEndPoint remote)
    {
        Opening opening;
        using (Patience patience = Wait())
        {
            opening = await Opening.ReadAsync(raw.Input, patience.Token);
        }

        if (opening.Spoken != Spoken.Tls)
        {
            Refuse(raw, remote, port.Number, "it does not begin with a TLS ClientHello");
            return;
        }

        GatewayListener? listener = port.ForServerName(opening.ServerName);
        if (listener is null || listener.Invalid is not null)
        {
            Refuse(raw, remote, port.Number, listener?.Invalid ?? $"no listener is for the server name '{opening.ServerName}'");
            return;
        }

        switch (listener.Protocol)
        {
            case ListenerProtocol.TlsPassthrough:
                await PassAsync(raw, raw, listener, remote, isTls: true, opening.ServerName);
                break;
            case ListenerProtocol.AutoPassthrough:
                Refuse(raw, remote, port.Number, "AUTO_PASSTHROUGH has an effect once other clusters are joined");
                break;
            default:
                await EndTlsAsync(raw, listener, remote, opening.ServerName);
                break;
        }
    }

    private async Task EndTlsAsync(MeshConnection raw, GatewayListener listener, IPEndPoint remote, string? serverName)
    {
        EndedTls? tls;
        using (Patience patience = Wait())
        {
            tls = await _tls.EndAsync(raw, listener, serverName, patience.Token);
        }

        if (tls is null)
        {
            Refuse(raw, remote, listener.Port, "there is no certificate for the listener");
            return;
        }

        await using (tls)
        {
            if (listener.Protocol == ListenerProtocol.TlsTerminate)
            {
                await PassAsync(tls, raw, listener, remote, isTls: false, serverName);
                return;
            }

            RequestConnection request = Connection(raw, listener, remote) with
            {
                IsTls = true,
                ServerName = serverName,
                TlsListener = listener,
                ClientCertificate = tls.ClientCertificate,
            };
            await FrontAsync(tls, raw, request, tls.IsHttp2);
        }
    }

    private async Task FrontAsync(MeshConnection client, MeshConnection raw, RequestConnection request, bool http2)
    {
        var connection = new FrontConnection(client, request, MappedAddresses.Unmap(raw.LocalEndPoint), raw.Abort);
        await front.ServeAsync(connection, http2);
        if (connection.WasAborted)
        {
            raw.Abort();
        }
    }

    private Task PassAsync(MeshConnection client, MeshConnection raw, GatewayListener listener, IPEndPoint remote, bool isTls, string? serverName) =>
        listener.Invalid is not null || (listener.MeshOnly && !IsOfMesh(raw))
            ? RefusedAsync(raw, remote, listener.Port, listener.Invalid ?? "the server is only for connections of the mesh (ISTIO_MUTUAL)")
            : streams.RelayAsync(client, Connection(raw, listener, remote) with { ServerName = serverName, TlsListener = listener }, isTls, serverName, _cut.Token);

    private Task RefusedAsync(MeshConnection raw, IPEndPoint remote, int port, string reason)
    {
        Refuse(raw, remote, port, reason);
        return Task.CompletedTask;
    }

    private static bool IsOfMesh(MeshConnection raw) => raw.Peer.VerifiedId is not null;

    private RequestConnection Connection(MeshConnection raw, GatewayListener listener, IPEndPoint remote) => new()
    {
        Caller = raw.Peer,
        CallerWorkload = CallerWorkloads.Find(context.Mesh.Current, raw.Peer, remote.Address),
        Source = remote,
        Port = listener.Port,
        Listener = listener.Name,
    };

    private void Refuse(MeshConnection raw, IPEndPoint remote, int port, string reason)
    {
        GatewayLog.Refused(_log, remote, port, reason);
        raw.Abort();
    }

    private Patience Wait() => new(s_handshakeTime, context.Time, _leaving.Token);
}
