using System.Collections.Immutable;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Routes;

/// <summary>How a routing resource is spoken of.</summary>
internal static class RouteReports
{
    private const string Consequence = "it has no effect until it is repaired";

    public static StatusReport Status(SourceMeta meta, Refusal? refusal, params ImmutableArray<Condition> further) => ResourceChecks.Report(
        meta, refusal, Consequence, [Condition.True(Condition.Accepted, "Accepted", "compiled for the waypoints"), .. further]);

    public static ImmutableArray<Finding> Findings(SourceMeta meta, Refusal? refusal, ImmutableArray<Finding> notes, ImmutableArray<Finding> further) =>
    [
        .. ResourceChecks.Findings(meta, refusal, notes),
        .. further,
    ];
}
