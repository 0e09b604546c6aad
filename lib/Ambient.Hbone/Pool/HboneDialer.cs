using Ambient.Identity.Tls;

namespace Ambient.Hbone.Pool;

/// <summary>
/// Opens an authenticated connection: TCP, then TLS. Throws <see cref="HboneConnectException"/> (or a SocketException or AuthenticationException,
/// which count as TcpConnect and Tls) when it cannot. The token is not the caller's: a dial serves all who wait for it.
/// </summary>
public delegate ValueTask<MeshConnection> HboneDialer(PoolKey key, CancellationToken ct);
