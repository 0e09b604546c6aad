using System.Net;
using System.Net.Sockets;
using Ambient.Core.Identity;
using Ambient.Hbone.Relay;
using Ambient.Identity.Tls;
using Ambient.Policy;
using Ambient.Proxy.Sockets;
using Ambient.Ztunnel.Connections;
using Ambient.Ztunnel.Enrolment;

namespace Ambient.Ztunnel.Inbound;

/// <summary>
/// What plaintext to this pod meets (captured to port 15006), in order:
/// <list type="number">
/// <item>registered, so that no change of the mesh is missed from here on;</item>
/// <item>port and policy for a caller without identity (<see cref="InboundGate"/>), so that STRICT denies;</item>
/// <item>the application is connected with the client's own address as the source;</item>
/// <item>bytes are relayed until both sides have ended;</item>
/// <item>counted and logged.</item>
/// </list>
/// Whatever fails or is denied ends with RST.
/// </summary>
internal sealed class PlaintextPipeline(PodContext pod, AppDialer dialer)
{
    internal async Task ServeAsync(Socket socket)
    {
        IPEndPoint? captured = socket.OriginalDestination();
        MeshConnection client = pod.Node.Transport.AcceptPlain(socket);
        IPEndPoint destination = captured ?? client.LocalEndPoint.Unmapped();
        var connection = new InboundConnection(pod)
        {
            Source = client.RemoteEndPoint.Unmapped(),
            Destination = destination,
            AcceptedOn = destination,
            Peer = PeerIdentity.Plaintext,
            Opened = pod.Node.Time.GetTimestamp(),
        };
        pod.Connections.Add(connection);
        bool inOrder = false;
        try
        {
            inOrder = await RunAsync(client, connection) is RelayResult.Completed;
        }
        catch (Exception e)
        {
            InboundFailure.Note(connection, e);
        }
        finally
        {
            pod.Connections.Remove(connection);
            await RelayEnd.CloseAsync(client, inOrder);
            pod.Report(connection);
        }
    }

    private async Task<RelayResult> RunAsync(MeshConnection client, InboundConnection connection)
    {
        await pod.LocalAsync();
        InboundDecision decision = connection.Decide(pod.Mesh);
        InboundParties.Fill(pod, connection, decision, null);
        if (!decision.Allowed)
        {
            throw new RefusedException(decision.Reason, ResponseFlags.Deny);
        }

        MeshConnection app = await dialer.ConnectAsync(decision.Target!, connection.Source, connection.Stop);
        RelayResult result = RelayResult.Cancelled;
        try
        {
            pod.Node.Metrics.Opened(connection);

            // The application is the first party of the relay on every way, so that bytes count the same.
            result = await StreamRelay.RunAsync(app, client, connection.Counters, connection.Stop);
            RelayEnd.Note(connection, result);
            return result;
        }
        finally
        {
            await RelayEnd.CloseAsync(app, result is RelayResult.Completed);
        }
    }
}
