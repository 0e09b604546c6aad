using Microsoft.Extensions.Logging;

namespace Ambient.Waypoint.Authorization;

internal static partial class ProviderLog
{
    [LoggerMessage(650, LogLevel.Warning, "Authorization provider {Provider} gave no answer: {Reason}; the request is {Consequence}", EventName = "ProviderFailed")]
    internal static partial void NoAnswer(ILogger logger, string provider, string reason, string consequence);
}
