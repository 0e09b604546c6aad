using Microsoft.Extensions.Logging;

namespace Ambient.Waypoint.Draining;

internal static partial class DrainLog
{
    [LoggerMessage(630, LogLevel.Information, "Leaving: {Open} connections are open and get {Seconds} s", EventName = "Draining")]
    internal static partial void Leaving(ILogger logger, int open, double seconds);

    [LoggerMessage(631, LogLevel.Information, "Left; {Open} connections are cut", EventName = "Drained")]
    internal static partial void Left(ILogger logger, int open);
}
