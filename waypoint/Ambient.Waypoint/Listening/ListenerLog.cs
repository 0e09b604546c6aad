using System.Net;
using Microsoft.Extensions.Logging;

namespace Ambient.Waypoint.Listening;

internal static partial class ListenerLog
{
    [LoggerMessage(610, LogLevel.Warning, "A connection could not be accepted: {Reason}", EventName = "AcceptFailed")]
    internal static partial void AcceptFailed(ILogger logger, string reason);

    [LoggerMessage(611, LogLevel.Debug, "A tunnel was not set up: {Reason}", EventName = "HandshakeFailed")]
    internal static partial void HandshakeFailed(ILogger logger, string reason);

    [LoggerMessage(612, LogLevel.Warning, "Tunnelled connection of {Caller} from {Remote} to {Authority} refused with {Status}: {Reason}", EventName = "ConnectRefused")]
    internal static partial void Refused(ILogger logger, string caller, IPEndPoint remote, string authority, int status, string reason);

    [LoggerMessage(613, LogLevel.Warning, "A tunnelled connection to {Authority} failed", EventName = "ConnectFailed")]
    internal static partial void Failed(ILogger logger, Exception e, string authority);
}
