using Microsoft.Extensions.Logging;

namespace Ambient.Waypoint.Tokens;

internal static partial class KeyLog
{
    [LoggerMessage(640, LogLevel.Information, "{Uri}: {Count} keys", EventName = "KeysFetched")]
    internal static partial void Fetched(ILogger logger, string uri, int count);

    [LoggerMessage(641, LogLevel.Warning, "{Uri}: {Key}", EventName = "KeyIgnored")]
    internal static partial void Ignored(ILogger logger, string uri, string key);

    [LoggerMessage(642, LogLevel.Warning, "No keys from {Uri}: {Reason}; {Consequence}", EventName = "KeysNotFetched")]
    internal static partial void NotFetched(ILogger logger, string uri, string reason, string consequence);

    [LoggerMessage(643, LogLevel.Error, "{Uri} is not followed: there are {Most} issuers already", EventName = "TooManyIssuers")]
    internal static partial void TooMany(ILogger logger, string uri, int most);
}
