using System.Collections.Immutable;
using Ambient.Compile.Index;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Gateways.Listeners;

/// <summary>The status of each listener of a Gateway of ours, or of a ListenerSet at one.</summary>
internal static class ListenerReports
{
    public static ImmutableArray<ListenerReport> Of(MeshIndex index, GatewaySource gateway, GatewayRole role, ImmutableArray<ListenerPlan> plans, GatewayStanding standing)
    {
        var routes = new ListenerRoutes(index, gateway, role);
        return [.. plans.Select(p => Report(p, role, routes.Of(p.Listener).Count(), standing))];
    }

    private static ListenerReport Report(ListenerPlan plan, GatewayRole role, int attached, GatewayStanding standing)
    {
        var conflict = plan.Listener.IsOfSet ? plan.Judged.FirstOrDefault(static c => c.Type == Condition.Conflicted && c.Status == "True") : null;
        return new ListenerReport(
            plan.Listener.Name,
            RouteKinds.Of(role, plan.Listener),
            attached,
            [.. plan.Judged, conflict is not null
                ? Condition.False(Condition.Programmed, conflict.Reason, conflict.Message)
                : !plan.IsValid
                ? Condition.False(Condition.Programmed, "Invalid", "the listener is not valid")
                : standing.Programmed.Status == "True"
                    ? Condition.True(Condition.Programmed, "Programmed", "served by the Gateway's pods")
                    : Condition.False(Condition.Programmed, "Pending", standing.Programmed.Message)]);
    }
}
