using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Ambient.Core.Identity;
using Ambient.Identity.Peers;
using Ambient.Identity.Tls;

namespace Ambient.Hbone.Transport;

/// <summary>Mutual TLS over a socket, as a <see cref="MeshConnection"/>.</summary>
public static class TlsConnection
{
    /// <summary>Owns the socket from the call on, also when it throws. Throws AuthenticationException, TimeoutException, IOException, OperationCanceledException.</summary>
    public static Task<MeshConnection> AcceptAsync(
        Socket socket, SslServerAuthenticationOptions options, TimeSpan handshakeTimeout, CancellationToken ct) =>
        HandshakeAsync(socket, (tls, token) => tls.AuthenticateAsServerAsync(options, token), handshakeTimeout, ct);

    /// <summary>As <see cref="AcceptAsync"/>, for a socket that is connected.</summary>
    public static Task<MeshConnection> ConnectAsync(
        Socket connected, SslClientAuthenticationOptions options, TimeSpan timeout, CancellationToken ct) =>
        HandshakeAsync(connected, (tls, token) => tls.AuthenticateAsClientAsync(options, token), timeout, ct);

    private static async Task<MeshConnection> HandshakeAsync(
        Socket socket, Func<SslStream, CancellationToken, Task> authenticate, TimeSpan timeout, CancellationToken ct)
    {
        SslStream? tls = null;
        try
        {
            socket.NoDelay = true;
            TlsSocketStream stream = new(socket);
            tls = new SslStream(stream);
            using CancellationTokenSource timer = new(timeout, TimeProvider.System);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(ct, timer.Token);
            try
            {
                await authenticate(tls, either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (timer.IsCancellationRequested && !ct.IsCancellationRequested)
            {
                throw new HandshakeTimeoutException("the TLS handshake took too long");
            }

            return MeshTls.PeerOf(tls) switch
            {
                PeerVerification.Verified verified => new TlsMeshConnection(socket, stream, tls, new PeerIdentity.Verified(verified.Id)),
                PeerVerification.Refused refused => throw new AuthenticationException(refused.Reason),
                _ => throw new AuthenticationException("the peer was not verified"),
            };
        }
        catch
        {
            if (tls is not null)
            {
                await tls.DisposeAsync().ConfigureAwait(false);
            }

            socket.Dispose();
            throw;
        }
    }
}
