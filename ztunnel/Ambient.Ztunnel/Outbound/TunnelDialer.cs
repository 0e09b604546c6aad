using System.Net.Sockets;
using Ambient.Hbone.Pool;
using Ambient.Hbone.Transport;
using Ambient.Identity.Svids;
using Ambient.Identity.Tls;
using Ambient.Ztunnel.Connections;
using Ambient.Ztunnel.Enrolment;

namespace Ambient.Ztunnel.Outbound;

/// <summary>Opens the pod's HBONE connections: from its netns, as its identity, to one of the expected identities only.</summary>
internal sealed class TunnelDialer(PodContext pod)
{
    private static readonly TimeSpan s_handshakeTimeout = TimeSpan.FromSeconds(10);

    internal async ValueTask<MeshConnection> DialAsync(PoolKey key, CancellationToken ct)
    {
        Svid svid = await pod.SvidAsync(key.Source);
        Socket socket;
        try
        {
            socket = await TcpDial.ConnectAsync(
                pod.Sockets.ForConnection(key.Destination.AddressFamily), key.Destination, pod.Node.Time, ct);
        }
        catch (TimeoutException e)
        {
            throw new HboneConnectException(
                HboneConnectFailure.TcpConnect, $"{e.Message}: maybe a NetworkPolicy blocks port {key.Destination.Port}", e);
        }

        return await TlsConnection.ConnectAsync(
            socket, MeshTls.Client(svid, pod.Node.Mesh.Trust, key.Expected, pod.Node.Time), s_handshakeTimeout, ct);
    }
}
