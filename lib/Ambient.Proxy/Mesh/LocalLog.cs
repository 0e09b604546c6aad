using Microsoft.Extensions.Logging;

namespace Ambient.Proxy.Mesh;

internal static partial class LocalLog
{
    [LoggerMessage(300, LogLevel.Error, "Local configuration is not applied: {Reason}", EventName = "LocalIgnored")]
    internal static partial void Ignored(ILogger logger, string reason);
}
