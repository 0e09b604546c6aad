using Ambient.Core.Identity;
using Microsoft.Extensions.Logging;

namespace Ambient.Identity.Renewal;

public sealed partial class SvidManager
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "certificate of {Identity} valid until {NotAfter}, next renewal {NextAttempt}", EventName = "Fetched")]
        public static partial void Fetched(ILogger logger, SpiffeId identity, DateTimeOffset notAfter, DateTimeOffset nextAttempt);

        [LoggerMessage(2, LogLevel.Warning, "no certificate for {Identity} (attempt {Failures}, next {NextAttempt}): {Reason}", EventName = "FetchFailed")]
        public static partial void FetchFailed(ILogger logger, SpiffeId identity, int failures, DateTimeOffset nextAttempt, string reason);

        [LoggerMessage(3, LogLevel.Error, "a subscriber to renewed certificates failed for {Identity}", EventName = "SubscriberFailed")]
        public static partial void SubscriberFailed(ILogger logger, Exception cause, SpiffeId identity);
    }
}
