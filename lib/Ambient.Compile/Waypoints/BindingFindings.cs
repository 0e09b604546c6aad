using Ambient.Compile.Reports;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Waypoints;

/// <summary>What is wrong with the waypoints that a Service or ServiceEntry names.</summary>
internal static class BindingFindings
{
    public static IEnumerable<Finding> Of(SourceMeta meta, WaypointBinding? waypoint, WaypointCanary? canary)
    {
        if (waypoint is { Exists: false })
        {
            yield return Warning(FindingCodes.WaypointMissing, waypoint.Missing);
        }

        if (canary is { InForce: false })
        {
            yield return Warning(FindingCodes.WaypointCanary, $"{canary.Message}: all connections go to {waypoint!.Name}");
        }

        Finding Warning(string code, string message) => new(code, FindingLevel.Warning, meta.Kind, meta.Namespace, meta.Name, "", message);
    }
}
