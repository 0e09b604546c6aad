using System.Net;
using System.Net.Sockets;
using Ambient.Identity.Tls;
using Ambient.Proxy.Sockets;
using Ambient.Ztunnel.Capture;
using Ambient.Ztunnel.Enrolment;
using Ambient.Ztunnel.Hosting;

namespace Ambient.Ztunnel.Inbound;

/// <summary>
/// Connects to the application so that it sees the client's own address: a transparent bind; its replies come back by the mark on
/// the connection (<see cref="RedirectRules"/>).
/// </summary>
internal sealed class AppDialer(PodContext pod)
{
    private int _warned;

    /// <exception cref="SocketException">Nobody listens, or the address may not be borrowed and has to be.</exception>
    internal Task<MeshConnection> ConnectAsync(IPEndPoint target, IPEndPoint client, CancellationToken ct)
    {
        Socket socket = pod.Sockets.ForConnection(target.AddressFamily);
        try
        {
            if (CanBorrow(target, client.Address))
            {
                Borrow(socket, client);
            }
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        return pod.Node.Transport.ConnectPlainAsync(socket, target, TcpDial.Timeout, ct);
    }

    private bool CanBorrow(IPEndPoint target, IPAddress client) =>
        pod.Node.Config.OriginalSource != OriginalSource.Never
        && client.AddressFamily == target.AddressFamily && !client.Equals(target.Address)
        && !IPAddress.IsLoopback(target.Address) && !IPAddress.IsLoopback(client) && !client.IsIPv6LinkLocal;

    private void Borrow(Socket socket, IPEndPoint client)
    {
        try
        {
            socket.Transparent();
            socket.Bind(new IPEndPoint(client.Address, 0));

            // The client's own port would make this the same connection to conntrack as the captured one, and lead back to us.
            if (((IPEndPoint)socket.LocalEndPoint!).Port == client.Port)
            {
                throw new SocketException((int)SocketError.AddressAlreadyInUse);
            }
        }
        catch (SocketException e) when (pod.Node.Config.OriginalSource == OriginalSource.Auto)
        {
            if (Interlocked.Exchange(ref _warned, 1) == 0)
            {
                PodLog.SourceNotKept(pod.Log, pod.Pod.Uid, e.Message);
            }
        }
    }
}
