using Microsoft.Extensions.Logging;

namespace Ambient.Waypoint.Requests;

internal static partial class PipelineLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "A fault in the request pipeline at {Method} {Authority} {Path}")]
    public static partial void Fault(ILogger log, string method, string authority, string path, Exception fault);
}
