using Microsoft.Extensions.Logging;

namespace Ambient.Lab.Watching;

internal static partial class WatchingLog
{
    [LoggerMessage(1, LogLevel.Debug, "watch of {Kind} ended: {Reason}", EventName = "WatchEnded")]
    public static partial void WatchEnded(ILogger logger, string kind, string reason);

    [LoggerMessage(2, LogLevel.Warning, "{Loop}: {Reason}", EventName = "ReconcileFailed")]
    public static partial void ReconcileFailed(ILogger logger, string loop, string reason);
}
