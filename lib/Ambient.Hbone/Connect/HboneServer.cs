using Ambient.Identity.Tls;

namespace Ambient.Hbone.Connect;

/// <summary>The accepting side of HBONE: HTTP/2 on a connection that is already authenticated.</summary>
public static class HboneServer
{
    /// <summary>Serves until the connection has ended and every handler has returned. Owns and disposes the connection. Never throws for what a peer does.</summary>
    /// <param name="connection">Peer verified, nothing read from it yet.</param>
    /// <param name="handler">Called for each CONNECT.</param>
    /// <param name="options">Limits, clock, log.</param>
    /// <param name="drain">When cancelled: graceful GOAWAY, no new streams, ends when the last stream ends.</param>
    /// <param name="abort">When cancelled: everything ends at once.</param>
    public static Task ServeAsync(
        MeshConnection connection, IConnectHandler handler, HboneServerOptions options, CancellationToken drain, CancellationToken abort) =>
        throw new NotSupportedException("lands with the HTTP/2 connection");
}
