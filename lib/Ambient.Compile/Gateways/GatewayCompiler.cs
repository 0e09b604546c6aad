using System.Collections.Immutable;
using Ambient.Compile.Index;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;
using Ambient.Compile.Waypoints;

namespace Ambient.Compile.Gateways;

/// <summary>
/// Gateway → the policies of a waypoint, and the status of a Gateway of ours. What is valid is accepted; nothing is programmed, and the
/// status says so, since this version has no program that a Gateway could become.
/// </summary>
internal static class GatewayCompiler
{
    public const string NoProgram = "this version has no waypoint or gateway program: traffic bound to it is refused until one runs";

    public static UnitOutput Compile(MeshIndex index, GatewaySource gateway)
    {
        var output = WaypointPolicies.Compile(index, gateway);
        var role = GatewayClasses.RoleOf(index, gateway.Class);
        if (role == GatewayRole.Foreign)
        {
            return output;
        }

        var listeners = new ListenerReports(index, gateway, role).All();
        var conditions = Conditions(gateway, listeners);
        return output with
        {
            Status = ResourceChecks.Report(gateway.Meta, null, "", conditions) with { Listeners = listeners },
            Findings = Findings(gateway, listeners, conditions),
        };
    }

    private static ImmutableArray<Condition> Conditions(GatewaySource gateway, ImmutableArray<ListenerReport> listeners)
    {
        int valid = listeners.Count(ListenerReports.IsValid);
        Condition accepted = gateway.Listeners.IsEmpty
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
                ? Condition.False(Condition.Programmed, "NoResources", NoProgram)
                : Condition.False(Condition.Programmed, "Invalid", "the Gateway is not accepted"),
        ];
    }

    private static ImmutableArray<Finding> Findings(
        GatewaySource gateway, ImmutableArray<ListenerReport> listeners, ImmutableArray<Condition> conditions)
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

        findings.Add(Finding(FindingCodes.GatewayNotProgrammed, FindingLevel.Warning, "", NoProgram));
        return findings.ToImmutable();

        Finding Finding(string code, FindingLevel level, string field, string message) =>
            new(code, level, gateway.Meta.Kind, gateway.Meta.Namespace, gateway.Meta.Name, field, message);
    }
}
