using System.Collections.Immutable;
using Ambient.Compile.Gateways.Listeners;
using Ambient.Compile.Index;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;
using Ambient.Compile.Waypoints;

namespace Ambient.Compile.Gateways;

/// <summary>
/// Gateway → the policies of a waypoint, the routes of its listeners, and the status of a Gateway of ours: accepted when it is valid, programmed when its Service has
/// an address and one of its pods is ready (Gateway API v1, GatewayConditionType).
/// </summary>
internal static class GatewayCompiler
{
    public static UnitOutput Compile(MeshIndex index, GatewaySource gateway)
    {
        var output = WaypointPolicies.Compile(index, gateway);
        var role = GatewayClasses.RoleOf(index, gateway.Class);
        HashSet<ObjectKey> dependencies = [];
        if (role == GatewayRole.Foreign)
        {
            index.Routing.Units.Set(gateway.Meta.Key, dependencies);
            return output;
        }

        var standing = GatewayStanding.Of(index, gateway, role);
        var plans = new ListenerPlanner(index, gateway, role, dependencies).All();
        var tables = role == GatewayRole.Waypoint ? [] : new GatewayTables(index, gateway, role, dependencies).Of(plans);
        index.Routing.Units.Set(gateway.Meta.Key, dependencies);
        var listeners = ListenerReports.Of(index, gateway, role, plans, standing);
        var conditions = Conditions(gateway, listeners, standing);
        return output with
        {
            Resources = tables,
            Status = ResourceChecks.Report(gateway.Meta, null, "", conditions) with { Listeners = listeners, Addresses = standing.Addresses },
            Findings = Findings(gateway, listeners, conditions, standing),
        };
    }

    private static ImmutableArray<Condition> Conditions(GatewaySource gateway, ImmutableArray<ListenerReport> listeners, GatewayStanding standing)
    {
        int valid = listeners.Count(ListenerReports.IsValid);
        Condition accepted = standing.BadParameters is { } bad
            ? Condition.False(Condition.Accepted, "InvalidParameters", bad)
            : gateway.Listeners.IsEmpty
            ? Condition.False(Condition.Accepted, "Invalid", "spec.listeners: must have at least one listener; a waypoint has one with protocol HBONE on port 15008")
            : valid == 0
                ? Condition.False(Condition.Accepted, "ListenersNotValid", "no listener is valid; see status.listeners")
                : valid < listeners.Length
                    ? Condition.True(Condition.Accepted, "ListenersNotValid", $"{listeners.Length - valid} of {listeners.Length} listeners are not valid; see status.listeners")
                    : Condition.True(Condition.Accepted, "Accepted", "the Gateway is valid");
        return
        [
            accepted,
            accepted.Status == "True"
                ? standing.Programmed
                : Condition.False(Condition.Programmed, "Invalid", "the Gateway is not accepted"),
            .. gateway.Listeners.Any(l => gateway.ClientsOf(l) is { InsecureFallback: true })
                ? [Condition.True("InsecureFrontendValidationMode", "ConfigurationChanged", "AllowInsecureFallback: clients without a valid certificate are let in")]
                : ImmutableArray<Condition>.Empty,
        ];
    }

    private static ImmutableArray<Finding> Findings(
        GatewaySource gateway, ImmutableArray<ListenerReport> listeners, ImmutableArray<Condition> conditions, GatewayStanding standing)
    {
        var findings = ImmutableArray.CreateBuilder<Finding>();
        if (conditions[0] is { Status: "False", Reason: "Invalid" } invalid)
        {
            findings.Add(Finding(FindingCodes.InvalidField, FindingLevel.Error, "spec.listeners", invalid.Message));
        }

        for (int i = 0; i < listeners.Length; i++)
        {
            foreach (var c in listeners[i].Conditions.Where(static c => c.Type != Condition.Programmed && c.Status == (c.Type == Condition.Conflicted ? "True" : "False")))
            {
                findings.Add(Finding(FindingCodes.InvalidField, FindingLevel.Error, $"spec.listeners[{i}]", c.Message));
            }
        }

        if (conditions[0] is { Status: "False", Reason: "InvalidParameters" } parameters)
        {
            findings.Add(Finding(FindingCodes.InvalidField, FindingLevel.Error, "spec.infrastructure.parametersRef", parameters.Message));
        }

        // Before anything of it is there, as in files, it is only too early to say.
        if (conditions[0].Status == "True" && standing is { Programmed.Status: "False", HasBegun: true })
        {
            findings.Add(Finding(FindingCodes.GatewayNotProgrammed, FindingLevel.Warning, "", $"{standing.Programmed.Message}; traffic bound to it is refused meanwhile"));
        }

        return findings.ToImmutable();

        Finding Finding(string code, FindingLevel level, string field, string message) =>
            new(code, level, gateway.Meta.Kind, gateway.Meta.Namespace, gateway.Meta.Name, field, message);
    }
}
