using Ambient.Compile.Gateways;
using Ambient.Compile.Index;
using Ambient.Compile.Reports;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;
using Ambient.Compile.Waypoints;

namespace Ambient.Compile.Routes.OwnPolicies;

/// <summary>What people are told about RateLimitPolicies and BackendPolicies.</summary>
internal static class OwnPolicyCompiler
{
    private const string Consequence = "it has no effect until it is repaired";

    public static UnitOutput Compile(MeshIndex index, OwnPolicySource policy)
    {
        index.Routing.Units.Set(policy.Meta.Key, [.. policy.Targets]);
        var problems = new RouteProblems(policy.Meta);
        Condition? wrong = null;
        foreach (var target in policy.Targets)
        {
            string name = $"{OwnPolicyTargets.KindOf(target)} {target.Namespace}/{target.Name}";
            if (!OwnPolicyTargets.Exists(index, target))
            {
                wrong ??= Condition.False(Condition.Accepted, "TargetNotFound", $"there is no {name}");
                problems.Warn(FindingCodes.NotAttached, "spec.targetRefs", $"there is no {name}, so the policy does nothing there; create it or correct the name");
            }
            else if (index.Gateways.Find(target) is { } gateway && WithoutRoutes(GatewayClasses.RoleOf(index, gateway.Class)) is { } role)
            {
                // Limits of a gateway are in the tables of its listeners, and this one has none.
                wrong ??= Condition.False(Condition.Accepted, "Invalid", $"{name} is {role}, where nothing is limited as a whole; target the Services behind it, or their routes");
                problems.Warn(
                    FindingCodes.NotAttached, "spec.targetRefs", $"{name} is {role}, where nothing is limited as a whole, so the policy does nothing there; target the Services behind it, or their routes");
            }
            else if (policy.Meta.Key.Kind == RouteKind.BackendPolicy && OwnPolicyTargets.BackendOf(index, target) is { } first && first.Meta.Key != policy.Meta.Key)
            {
                wrong ??= Condition.False(Condition.Accepted, "Conflicted", $"{first.Meta.Name} is older and speaks for {name}");
                problems.Warn(FindingCodes.RouteHostShared, "spec.targetRefs", $"BackendPolicy {first.Meta.Name} is older and speaks for {name}; this one has no effect there");
            }
            else if ((index.Services.Find(target)?.Meta ?? index.ServiceEntries.Find(target)?.Meta) is { } meta && WaypointBinding.OfService(index, meta) is null)
            {
                problems.Warn(FindingCodes.NeedsWaypoint, "spec.targetRefs", $"{name} has no waypoint, so calls from within the mesh do not meet the policy; bind one");
            }
        }

        return new UnitOutput
        {
            Status = ResourceChecks.Report(policy.Meta, policy.Refusal, Consequence, wrong ?? Condition.True(Condition.Accepted, "Accepted", policy.Limits.Any(static l => l.Shared)
                ? "in force at waypoints and gateways, counted by the replicas of each together" : "in force at waypoints and gateways")),
            Findings = [.. ResourceChecks.Findings(policy.Meta, policy.Refusal, policy.Notes), .. problems.Warnings],
        };
    }
    private static string? WithoutRoutes(GatewayRole role) => role switch
    {
        GatewayRole.Waypoint => "a waypoint",
        GatewayRole.EastWest => "an east-west gateway",
        GatewayRole.Foreign => "another controller's",
        _ => null,
    };
}
