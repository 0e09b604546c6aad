using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Ambient.Core.Identity;
using Ambient.Identity.Svids;
using Ambient.Identity.Tls;
using Ambient.Identity.Trust;

namespace Ambient.Hbone.Transport;

/// <summary>
/// Turns sockets into connections. A socket given to a transport belongs to it from then on, also when the call fails; it must not have
/// been used for asynchronous operations before. Two kinds pass the same tests: <see cref="ManagedTransport"/> and
/// <see cref="NativeTransport"/>.
/// </summary>
public interface IMeshTransport
{
    string Name { get; }

    /// <summary>Wraps an accepted plaintext socket (an application's).</summary>
    MeshConnection AcceptPlain(Socket accepted);

    /// <summary>Connects a socket, bound and marked as its owner wants it, without TLS.</summary>
    /// <exception cref="SocketException">The peer refused or is out of reach.</exception>
    /// <exception cref="TimeoutException"/>
    Task<MeshConnection> ConnectPlainAsync(Socket unconnected, IPEndPoint destination, TimeSpan timeout, CancellationToken ct);

    /// <summary>Mutual TLS as server.</summary>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The peer was refused; the message says why.</exception>
    /// <exception cref="HandshakeTimeoutException"/>
    /// <exception cref="IOException">The peer went away.</exception>
    Task<MeshConnection> AcceptTlsAsync(Socket accepted, Svid svid, TrustPolicy trust, TimeSpan timeout, CancellationToken ct);

    /// <summary>Mutual TLS as client over a connection made by <see cref="ConnectPlainAsync"/> rules; one of <paramref name="expected"/> must answer.</summary>
    /// <exception cref="SocketException">The peer refused or is out of reach.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The peer was refused; the message says why.</exception>
    /// <exception cref="TimeoutException">Connecting took longer than <paramref name="timeout"/>.</exception>
    /// <exception cref="HandshakeTimeoutException">Shaking hands did.</exception>
    Task<MeshConnection> ConnectTlsAsync(
        Socket unconnected, IPEndPoint destination, Svid svid, TrustPolicy trust, ImmutableArray<SpiffeId> expected, TimeSpan timeout, CancellationToken ct);
}
