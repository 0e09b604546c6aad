namespace Ambient.Hbone.Connect;

/// <summary>Decides what to do with each CONNECT of a connection.</summary>
public interface IConnectHandler
{
    /// <summary>
    /// Called on the connection's reading thread for each well-formed CONNECT; must return at its first wait. A handler that ends without having answered
    /// resets the stream with INTERNAL_ERROR. The stream counts against the concurrency limit until the returned task ends.
    /// </summary>
    /// <param name="connect">The request; answer it once, with accept or reject.</param>
    /// <param name="ct">Cancelled when the peer resets the stream or the connection ends.</param>
    ValueTask HandleAsync(IncomingConnect connect, CancellationToken ct);
}
