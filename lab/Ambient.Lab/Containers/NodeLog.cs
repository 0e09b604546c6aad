using Microsoft.Extensions.Logging;

namespace Ambient.Lab.Containers;

internal static partial class NodeLog
{
    [LoggerMessage(20, LogLevel.Warning, "{Pod} {Container} not started: {Reason}", EventName = "ContainerNotStarted")]
    public static partial void ContainerNotStarted(ILogger logger, string pod, string container, string reason);

    [LoggerMessage(21, LogLevel.Information, "{Pod} {Container} preStop: {Reason}", EventName = "PreStopFailed")]
    public static partial void PreStopFailed(ILogger logger, string pod, string container, string reason);

    [LoggerMessage(22, LogLevel.Information, "{Pod}: {Reason}", EventName = "PodDelayed")]
    public static partial void PodDelayed(ILogger logger, string pod, string reason);

    [LoggerMessage(23, LogLevel.Error, "{Pod} failed: {Reason}", EventName = "PodFailed")]
    public static partial void PodFailed(ILogger logger, string pod, string reason);
}
