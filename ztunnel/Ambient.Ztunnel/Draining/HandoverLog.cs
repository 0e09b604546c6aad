using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Draining;

internal static partial class HandoverLog
{
    [LoggerMessage(200, LogLevel.Information, "Listeners of {Pods} pods were handed to a newer process", EventName = "HandoverGiven")]
    internal static partial void Given(ILogger logger, int pods);

    [LoggerMessage(201, LogLevel.Warning, "Hand-over to a newer process failed, going on: {Reason}", EventName = "HandoverFailed")]
    internal static partial void Failed(ILogger logger, string reason);

    [LoggerMessage(202, LogLevel.Information, "Listeners of {Pods} pods were taken over from an older process", EventName = "HandoverTaken")]
    internal static partial void Taken(ILogger logger, int pods);

    [LoggerMessage(203, LogLevel.Information, "Draining {Connections} connections for at most {Seconds} s", EventName = "Draining")]
    internal static partial void Draining(ILogger logger, int connections, double seconds);

    [LoggerMessage(204, LogLevel.Warning, "No certificate for {Identity} before the hand-over: {Reason}", EventName = "HandoverNoCertificate")]
    internal static partial void NoCertificate(ILogger logger, string identity, string reason);
}
