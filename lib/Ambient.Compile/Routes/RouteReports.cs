using System.Collections.Immutable;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Routes;

/// <summary>How a routing resource is spoken of. Until a waypoint runs that takes the compiled routes, everybody who writes one is told so.</summary>
internal static class RouteReports
{
    private const string Consequence = "it has no effect until it is repaired";

    private const string NotYet = "accepted and compiled, but not in effect: routes are applied by the L7 waypoint, which does not take them yet in this version; explain shows what they will do";

    public static StatusReport Status(SourceMeta meta, Refusal? refusal) => ResourceChecks.Report(
        meta, refusal, Consequence, Condition.True(Condition.Accepted, "Accepted", "compiled for the waypoints"));

    public static ImmutableArray<Finding> Findings(SourceMeta meta, Refusal? refusal, ImmutableArray<Finding> notes, ImmutableArray<Finding> further) =>
    [
        .. ResourceChecks.Findings(meta, refusal, notes),
        .. further,
        .. refusal is null
            ? [new Finding(FindingCodes.NeedsWaypoint, FindingLevel.Warning, meta.Kind, meta.Namespace, meta.Name, "", NotYet)]
            : ImmutableArray<Finding>.Empty,
    ];
}
