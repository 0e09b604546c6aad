using System.Net;
using System.Net.Sockets;
using Ambient.Core.Workloads;
using Ambient.Hbone.Connect;
using Ambient.Hbone.Pool;
using Ambient.Hbone.Relay;
using Ambient.Identity.Tls;
using Ambient.Proxy.Sockets;
using Ambient.Routing.Destinations;
using Ambient.Ztunnel.Connections;
using Ambient.Ztunnel.Enrolment;

namespace Ambient.Ztunnel.Outbound;

/// <summary>
/// What an application's own connection meets, in order:
/// <list type="number">
/// <item>registered, so that no change of the mesh is missed from here on;</item>
/// <item>where was it going (SO_ORIGINAL_DST), and who is asking (the pod's own workload);</item>
/// <item>where does that lead (<see cref="DestinationResolver"/>): a tunnel, plain TCP, or nowhere;</item>
/// <item>the tunnel is opened on a pooled connection, or the plain connection made;</item>
/// <item>bytes are relayed until both sides have ended;</item>
/// <item>counted and logged.</item>
/// </list>
/// Whatever fails ends the application's connection with RST: its connect has succeeded already, an orderly end would look like an answer.
/// </summary>
internal sealed class OutboundPipeline(PodContext pod)
{
    internal async Task ServeAsync(Socket socket)
    {
        IPEndPoint? captured = socket.OriginalDestination();
        MeshConnection app = pod.Node.Transport.AcceptPlain(socket);
        var connection = new OutboundConnection(pod)
        {
            Source = app.RemoteEndPoint.Unmapped(),
            Destination = captured ?? app.LocalEndPoint.Unmapped(),
            Opened = pod.Node.Time.GetTimestamp(),
        };
        pod.Connections.Add(connection);
        bool inOrder = false;
        try
        {
            inOrder = await RunAsync(app, connection) is RelayResult.Completed;
        }
        catch (Exception e)
        {
            OutboundFailure.Note(connection, e);
        }
        finally
        {
            pod.Connections.Remove(connection);
            await RelayEnd.CloseAsync(app, inOrder);
            pod.Report(connection);
        }
    }

    private async Task<RelayResult> RunAsync(MeshConnection app, OutboundConnection connection)
    {
        Workload local = await pod.LocalAsync()
            ?? throw new RefusedException("the pod's own workload is not known yet", ResponseFlags.Connect);
        connection.Local = local;
        Resolution resolution = DestinationResolver.Resolve(pod.Mesh, local, connection.Destination!, pod.Node.Picker);
        connection.Stop.ThrowIfCancellationRequested();
        return resolution switch
        {
            Resolution.Tunnel tunnel => await TunnelAsync(app, connection, tunnel),
            Resolution.Direct direct => await DirectAsync(app, connection, direct),
            Resolution.Named named => await NamedAsync(app, connection, named),
            Resolution.Refused refused => throw Refuse(connection, refused),
            _ => throw new InvalidOperationException($"unknown resolution {resolution.GetType().Name}"),
        };
    }

    private async Task<RelayResult> TunnelAsync(MeshConnection app, OutboundConnection connection, Resolution.Tunnel tunnel)
    {
        connection.Remote = tunnel.Endpoint;
        connection.Service = tunnel.Service;
        connection.HboneAddress = tunnel.GatewayAddress;
        var key = new PoolKey
        {
            Source = connection.Local!.Identity,
            Expected = tunnel.Expected,
            Destination = tunnel.GatewayAddress,
        };
        HboneStream stream = await pod.Pool.ConnectAsync(key, TunnelRequest.For(connection, tunnel), connection.Stop);
        await using (stream)
        {
            connection.PeerId = stream.Peer.VerifiedId;
            connection.Tls = stream.Tls;
            pod.Node.Metrics.Opened(connection);
            RelayResult result = await StreamRelay.RunAsync(app, stream, connection.Counters, connection.Stop);
            RelayEnd.Note(connection, result);
            return result;
        }
    }

    /// <summary>A name that leads into the mesh is followed there; one that leads to another name of the mesh's own making is not.</summary>
    private async Task<RelayResult> NamedAsync(MeshConnection app, OutboundConnection connection, Resolution.Named named)
    {
        connection.Remote = named.Endpoint;
        connection.Service = named.Service;
        IPEndPoint found;
        try
        {
            found = await pod.Names.PickAsync(named.Hostname, named.Port, null, connection.Stop);
        }
        catch (SocketException e)
        {
            throw new RefusedException($"{named.Hostname} cannot be resolved: {e.Message}", ResponseFlags.Connect);
        }

        return DestinationResolver.Resolve(pod.Mesh, connection.Local!, found, pod.Node.Picker) switch
        {
            Resolution.Tunnel tunnel => await TunnelAsync(app, connection, tunnel),
            Resolution.Named => throw new RefusedException($"{named.Hostname} resolves to {found.Address}, which stands for a name again", ResponseFlags.Connect),
            Resolution.Refused { Code: not RefusalCodes.UnknownOutbound } refused => throw Refuse(connection, refused),
            Resolution.Direct { Endpoint: not null } direct => await DirectAsync(app, connection, direct),
            _ => await DirectAsync(app, connection, new Resolution.Direct(found, named.Endpoint, named.Service, "the destination is not in the mesh")),
        };
    }

    private async Task<RelayResult> DirectAsync(MeshConnection app, OutboundConnection connection, Resolution.Direct direct)
    {
        connection.Remote = direct.Endpoint;
        connection.Service = direct.Service;
        MeshConnection peer = await pod.Node.Transport.ConnectPlainAsync(
            pod.Sockets.ForConnection(direct.Address.AddressFamily), direct.Address, TcpDial.Timeout, connection.Stop);
        RelayResult result = RelayResult.Cancelled;
        try
        {
            pod.Node.Metrics.Opened(connection);
            result = await StreamRelay.RunAsync(app, peer, connection.Counters, connection.Stop);
            RelayEnd.Note(connection, result);
            return result;
        }
        finally
        {
            await RelayEnd.CloseAsync(peer, result is RelayResult.Completed);
        }
    }

    private static RefusedException Refuse(OutboundConnection connection, Resolution.Refused refused)
    {
        connection.Service = refused.Service;
        return new RefusedException(refused.Reason, ResponseFlags.Connect);
    }
}
