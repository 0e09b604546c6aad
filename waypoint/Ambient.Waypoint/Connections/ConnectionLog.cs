using System.Net;
using Microsoft.Extensions.Logging;

namespace Ambient.Waypoint.Connections;

internal static partial class ConnectionLog
{
    [LoggerMessage(620, LogLevel.Warning, "Connection of {Source} to port {Port} could not be passed on: {Reason}", EventName = "NotPassedOn")]
    internal static partial void Failed(ILogger logger, IPEndPoint source, int port, string reason);
}
