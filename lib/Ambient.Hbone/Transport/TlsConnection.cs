using System.Net.Security;
using System.Net.Sockets;
using Ambient.Identity.Tls;

namespace Ambient.Hbone.Transport;

/// <summary>Mutual TLS over a socket, as a <see cref="MeshConnection"/>.</summary>
public static class TlsConnection
{
    /// <summary>Owns the socket from the call on, also when it throws. Throws AuthenticationException, TimeoutException, IOException.</summary>
    public static Task<MeshConnection> AcceptAsync(
        Socket socket, SslServerAuthenticationOptions options, TimeSpan handshakeTimeout, CancellationToken ct) =>
        throw new NotSupportedException("lands with the transports");

    /// <summary>As <see cref="AcceptAsync"/>, for a socket that is connected.</summary>
    public static Task<MeshConnection> ConnectAsync(
        Socket connected, SslClientAuthenticationOptions options, TimeSpan timeout, CancellationToken ct) =>
        throw new NotSupportedException("lands with the transports");
}
