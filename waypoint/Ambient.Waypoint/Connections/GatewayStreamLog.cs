using System.Net;
using Microsoft.Extensions.Logging;

namespace Ambient.Waypoint.Connections;

internal static partial class GatewayStreamLog
{
    [LoggerMessage(650, LogLevel.Warning, "Connection of {Source} to port {Port} was not passed on: {Reason}", EventName = "GatewayStreamFailed")]
    internal static partial void Failed(ILogger logger, IPEndPoint source, int port, string reason);
}
