using Ambient.Hbone.Pool;
using Ambient.Hbone.Transport;
using Ambient.Identity.Svids;
using Ambient.Identity.Tls;
using Ambient.Proxy.Sockets;
using Ambient.Ztunnel.Enrolment;

namespace Ambient.Ztunnel.Outbound;

/// <summary>Opens the pod's HBONE connections: from its netns, as its identity, to one of the expected identities only.</summary>
internal sealed class TunnelDialer(PodContext pod)
{
    internal async ValueTask<MeshConnection> DialAsync(PoolKey key, CancellationToken ct)
    {
        Svid svid = await pod.SvidAsync(key.Source);
        try
        {
            return await pod.Node.Transport.ConnectTlsAsync(
                pod.Sockets.ForConnection(key.Destination.AddressFamily), key.Destination, svid, pod.Node.Mesh.Trust, key.Expected, TcpDial.Timeout, ct);
        }
        catch (TimeoutException e) when (e is not HandshakeTimeoutException)
        {
            throw new HboneConnectException(
                HboneConnectFailure.TcpConnect, $"{e.Message}: maybe a NetworkPolicy blocks port {key.Destination.Port}", e);
        }
    }
}
