using System.Collections.Immutable;
using Ambient.Compile.Index;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Gateways.Listeners;

/// <summary>A ListenerSet → its status (Gateway API v1, ListenerSetConditionType). What its listeners serve is compiled with their Gateway.</summary>
internal static class ListenerSetCompiler
{
    public static UnitOutput Compile(MeshIndex index, ListenerSetSource set)
    {
        HashSet<ObjectKey> dependencies = [];
        var output = Compile(index, set, dependencies);
        index.Routing.Units.Set(set.Meta.Key, dependencies);
        return output;
    }

    private static UnitOutput Compile(MeshIndex index, ListenerSetSource set, HashSet<ObjectKey> dependencies)
    {
        if (set.Gateway is not { } key)
        {
            return new UnitOutput { Findings = [Finding(set, FindingCodes.NotAttached, FindingLevel.Warning, "spec.parentRef", "a ListenerSet belongs to a Gateway; the listeners have no effect")] };
        }

        if (index.Gateways.Find(key) is not { } gateway)
        {
            return Refused(set, "ParentNotAccepted", "ParentNotProgrammed", $"there is no Gateway {key.Namespace}/{key.Name}; the listeners have no effect");
        }

        var role = GatewayClasses.RoleOf(index, gateway.Class);
        if (role == GatewayRole.Foreign)
        {
            return UnitOutput.Nothing;
        }

        if (!ListenerSets.AreAllowed(index, gateway, role, set))
        {
            string message = role == GatewayRole.Waypoint
                ? $"Gateway {key.Namespace}/{key.Name} is a waypoint, which has no listeners but its own"
                : $"Gateway {key.Namespace}/{key.Name} does not take ListenerSets of namespace {set.Meta.Namespace}; see its spec.allowedListeners";
            return Refused(set, "NotAllowed", "NotAllowed", message);
        }

        var planner = new ListenerPlanner(index, gateway, role, dependencies);
        var standing = GatewayStanding.Of(index, gateway, role);
        if (GatewayAcceptance.Of(gateway, planner.Own(), standing, hasSets: true).Status != "True")
        {
            return Refused(set, "ParentNotAccepted", "ParentNotProgrammed", $"Gateway {key.Namespace}/{key.Name} is not accepted; see its status");
        }

        var plans = planner.Of(set);
        var listeners = ListenerReports.Of(index, gateway, role, plans, standing);
        return new UnitOutput
        {
            Status = ResourceChecks.Report(set.Meta, null, "", Conditions(key, plans, standing)) with { Listeners = listeners },
            Findings = Findings(set, plans),
        };
    }

    private static ImmutableArray<Condition> Conditions(ObjectKey gateway, ImmutableArray<ListenerPlan> plans, GatewayStanding standing)
    {
        int valid = plans.Count(static p => p.IsValid);
        if (valid == 0)
        {
            const string none = "no listener is valid; see status.listeners";
            return [Condition.False(Condition.Accepted, "ListenersNotValid", none), Condition.False(Condition.Programmed, "ListenersNotValid", none)];
        }

        return
        [
            valid < plans.Length
                ? Condition.True(Condition.Accepted, "ListenersNotValid", $"{plans.Length - valid} of {plans.Length} listeners are not valid; see status.listeners")
                : Condition.True(Condition.Accepted, "Accepted", $"added to Gateway {gateway.Namespace}/{gateway.Name}"),
            standing.Programmed.Status == "True"
                ? Condition.True(Condition.Programmed, "Programmed", "served by the Gateway's pods")
                : Condition.False(Condition.Programmed, "ParentNotProgrammed", $"Gateway {gateway.Namespace}/{gateway.Name} is not programmed; see its status"),
        ];
    }

    private static UnitOutput Refused(ListenerSetSource set, string accepted, string programmed, string message) => new()
    {
        Status = ResourceChecks.Report(set.Meta, null, "", [Condition.False(Condition.Accepted, accepted, message), Condition.False(Condition.Programmed, programmed, message)]),
        Findings = [Finding(set, FindingCodes.NotAttached, FindingLevel.Warning, "spec.parentRef", message)],
    };

    private static ImmutableArray<Finding> Findings(ListenerSetSource set, ImmutableArray<ListenerPlan> plans) =>
    [
        .. plans.SelectMany((p, i) => p.Judged.Where(static c => c.Status == (c.Type == Condition.Conflicted ? "True" : "False")).DistinctBy(static c => c.Message)
            .Select(c => Finding(set, FindingCodes.InvalidField, FindingLevel.Error, $"spec.listeners[{i}]", c.Message))),
    ];

    private static Finding Finding(ListenerSetSource set, string code, FindingLevel level, string field, string message) =>
        new(code, level, set.Meta.Kind, set.Meta.Namespace, set.Meta.Name, field, message);
}
