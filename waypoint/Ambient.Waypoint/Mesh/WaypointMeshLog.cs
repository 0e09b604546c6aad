using Microsoft.Extensions.Logging;

namespace Ambient.Waypoint.Mesh;

internal static partial class WaypointMeshLog
{
    [LoggerMessage(600, LogLevel.Error, "The mesh's new state could not be compiled, the last one stays in force", EventName = "StateNotCompiled")]
    internal static partial void NotCompiled(ILogger logger, Exception e);
}
