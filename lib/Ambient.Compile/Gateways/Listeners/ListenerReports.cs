using System.Collections.Immutable;
using Ambient.Compile.Index;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Gateways.Listeners;

/// <summary>The status of each listener of a Gateway of ours.</summary>
internal static class ListenerReports
{
    public static ImmutableArray<ListenerReport> Of(MeshIndex index, GatewaySource gateway, GatewayRole role, ImmutableArray<ListenerPlan> plans, GatewayStanding standing)
    {
        var routes = new ListenerRoutes(index, gateway, role);
        return [.. plans.Select(p => Report(p, role, routes.Of(p.Listener).Count(), standing))];
    }

    public static bool IsValid(ListenerReport report) =>
        report.Conditions.All(static c => c.Type == Condition.Conflicted ? c.Status == "False" : c.Type == Condition.Programmed || c.Status != "False");

    private static ListenerReport Report(ListenerPlan plan, GatewayRole role, int attached, GatewayStanding standing)
    {
        bool bad = plan.Judged.Any(static c => c.Type == Condition.Conflicted ? c.Status == "True" : c.Status == "False");
        return new ListenerReport(
            plan.Listener.Name,
            RouteKinds.Of(role, plan.Listener),
            attached,
            [.. plan.Judged, bad
                ? Condition.False(Condition.Programmed, "Invalid", "the listener is not valid")
                : standing.Programmed.Status == "True"
                    ? Condition.True(Condition.Programmed, "Programmed", "served by the Gateway's pods")
                    : Condition.False(Condition.Programmed, "Pending", standing.Programmed.Message)]);
    }
}
