using Ambient.Hbone.Connect;
using Ambient.Waypoint.Requests;

namespace Ambient.Waypoint.Connections;

/// <summary>What becomes of connections that carry no HTTP.</summary>
internal interface IPassThrough
{
    /// <summary>Decides, connects and relays until both sides have ended; whatever fails or is refused resets the stream.</summary>
    /// <param name="serverName">Of the client's TLS; null when there is none.</param>
    /// <param name="isTls">The connection begins with a ClientHello.</param>
    Task RelayAsync(HboneStream stream, RequestConnection connection, bool isTls, string? serverName, CancellationToken ct);

    /// <summary>
    /// The client is silent and might wait for the server: connects, and relays when the server is the first to speak or when patience is over.
    /// </summary>
    /// <returns>False when the client spoke first; nothing has been taken from the stream then.</returns>
    Task<bool> RelayIfServerSpeaksAsync(HboneStream stream, RequestConnection connection, CancellationToken patience, CancellationToken ct);
}
