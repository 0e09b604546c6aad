using Ambient.Hbone.Http2;
using Ambient.Hbone.Http2.Frames;
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
    public static async Task ServeAsync(
        MeshConnection connection, IConnectHandler handler, HboneServerOptions options, CancellationToken drain, CancellationToken abort)
    {
        ServerConnection server = new(connection, handler, options);

        // Its SETTINGS are written before this gives the thread back. A drain that was asked for already may say GOAWAY only after them.
        Task serving = server.ServeAsync();
        await using (abort.UnsafeRegister(static s => ((ServerConnection)s!).Abort(ErrorCode.NoError, "ended from here"), server))
        await using (drain.UnsafeRegister(static s => ((ServerConnection)s!).Drain(), server))
        {
            await serving.ConfigureAwait(false);
        }
    }
}
