using System.Net.Sockets;
using Ambient.Core;
using Ambient.Hbone.Connect;
using Ambient.Hbone.Relay;
using Ambient.Identity.Svids;
using Ambient.Identity.Tls;
using Ambient.Policy;
using Ambient.Proxy.Sockets;
using Ambient.Proxy.Telemetry;
using Ambient.Ztunnel.Connections;
using Ambient.Ztunnel.Enrolment;

namespace Ambient.Ztunnel.Inbound;

/// <summary>
/// What a tunnel to this pod meets (port 15008), in order:
/// <list type="number">
/// <item>mutual TLS as the pod's own identity, within its handshake budget;</item>
/// <item>HTTP/2; then for each CONNECT:</item>
/// <item>registered, so that no change of the mesh is missed from here on;</item>
/// <item>address, port, caller and policy (<see cref="InboundGate"/>): 400, 401 or 503 when not;</item>
/// <item>the application is connected with the client's own address as the source: 503 when it cannot be;</item>
/// <item>200, then bytes are relayed until both sides have ended;</item>
/// <item>counted and logged.</item>
/// </list>
/// </summary>
internal sealed class HbonePipeline(PodContext pod, AppDialer dialer, HboneServerOptions options) : IConnectHandler
{
    private static readonly TimeSpan s_handshakeTimeout = TimeSpan.FromSeconds(10);

    /// <param name="socket">Just accepted; owned from here on.</param>
    /// <param name="drain">Ends the tunnel when its streams have ended.</param>
    /// <param name="abort">Ends it now.</param>
    internal async Task ServeAsync(Socket socket, CancellationToken drain, CancellationToken abort)
    {
        if (!pod.Budget.TryTakeHandshake())
        {
            socket.CloseWithReset();
            return;
        }

        MeshConnection tunnel;
        try
        {
            Svid svid = await pod.SvidAsync(pod.LocalNow()?.Identity ?? pod.Identity);
            tunnel = await pod.Node.Transport.AcceptTlsAsync(socket, svid, pod.Node.Mesh.Trust, s_handshakeTimeout, abort);
        }
        catch (Exception e)
        {
            PodLog.HandshakeFailed(pod.Log, pod.Pod.Uid, e.Message);
            socket.CloseWithReset();
            return;
        }
        finally
        {
            pod.Budget.ReturnHandshake();
        }

        await HboneServer.ServeAsync(tunnel, this, options, drain, abort);
    }

    public async ValueTask HandleAsync(IncomingConnect connect, CancellationToken ct)
    {
        if (!pod.Budget.TryTakeConnection())
        {
            await connect.RejectAsync(503);
            return;
        }

        var connection = new InboundConnection(pod)
        {
            Source = connect.Remote.Unmapped(),
            Destination = null,
            AcceptedOn = connect.Local.Unmapped(),
            Authority = connect.Request.Authority,
            Peer = connect.Peer,
            PeerId = connect.Peer.VerifiedId,
            SaidCaller = connect.Request.Header(MeshDefaults.CallerHeader),
            Opened = pod.Node.Time.GetTimestamp(),
        };
        pod.Connections.Add(connection);
        try
        {
            await RunAsync(connect, connection, ct);
        }
        catch (Exception e)
        {
            InboundFailure.Note(connection, e);
        }
        finally
        {
            pod.Connections.Remove(connection);
            pod.Budget.ReturnConnection();
            pod.Report(connection);
        }
    }

    private async Task RunAsync(IncomingConnect connect, InboundConnection connection, CancellationToken ct)
    {
        await pod.LocalAsync();
        InboundDecision decision = connection.Decide(pod.Mesh);
        InboundParties.Fill(pod, connection, decision, connect.Request);
        if (!decision.Allowed)
        {
            await connect.RejectAsync(decision.Status);
            throw new RefusedException(decision.Reason, ResponseFlags.Deny);
        }

        MeshConnection? app = null;
        bool inOrder = false;
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, connection.Stop);
            app = await ConnectAppAsync(connect, connection, decision, either.Token);
            HboneStream stream = await connect.AcceptAsync(Baggage.Of(connection.Local!));
            await using (stream)
            {
                connection.Tls = stream.Tls;
                pod.Node.Metrics.Opened(connection);
                RelayResult result = await StreamRelay.RunAsync(app, stream, connection.Counters, connection.Stop);
                RelayEnd.Note(connection, result);
                inOrder = result is RelayResult.Completed;
            }
        }
        finally
        {
            if (app is not null)
            {
                await RelayEnd.CloseAsync(app, inOrder);
            }
        }
    }

    private async Task<MeshConnection> ConnectAppAsync(
        IncomingConnect connect, InboundConnection connection, InboundDecision decision, CancellationToken ct)
    {
        try
        {
            MeshConnection app = await dialer.ConnectAsync(decision.Target!, connection.Source, ct);
            if (connection.Local is { ApplicationTunnel.ProxyProtocol: true })
            {
                await ProxyHeader.WriteAsync(app, connection, ct);
            }

            return app;
        }
        catch (Exception)
        {
            await connect.RejectAsync(connection.CloseReason is null ? 503 : 401);
            throw;
        }
    }
}
