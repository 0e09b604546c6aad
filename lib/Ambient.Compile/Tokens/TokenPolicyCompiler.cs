using System.Collections.Immutable;
using Ambient.Compile.Authorization;
using Ambient.Compile.Index;
using Ambient.Compile.Reports;
using Ambient.Compile.RequestPolicies;
using Ambient.Compile.Sources;
using Ambient.Core;
using Ambient.Core.Policies;
using Ambient.Core.Policies.Tokens;

namespace Ambient.Compile.Tokens;

/// <summary>RequestAuthentication → the policy of waypoints and gateways, and its status.</summary>
internal static class TokenPolicyCompiler
{
    private const string Consequence = "until then every request to the workloads that it means is refused at their waypoint";

    public static UnitOutput Compile(MeshIndex index, TokenSource source)
    {
        var targets = source.Targets.ToList();
        ImmutableArray<Finding> findings = source.Refusal is { } refusal
            ? [.. refusal.Problems, RefusalReports.Finding(source.Meta, refusal, Consequence)]
            : [.. source.Notes, .. Findings(index, source, targets)];
        return new UnitOutput { Resources = [Policy(index, source)], Status = Status(index, source, targets), Findings = findings };
    }

    private static TokenPolicy Policy(MeshIndex index, TokenSource source) => new()
    {
        Name = new NamespacedName(source.Meta.Namespace, source.Meta.Name),
        Rules = source.Rules ?? [],
        Refused = source.Rules is null ? source.Refusal?.Message : null,
        Targets = RequestPolicyTargets.Of(index, source.Meta.Namespace, source.References, source.HasTargets, source.Selector is not null),
        Selector = (source.Selector ?? ImmutableDictionary<string, string>.Empty).ToImmutableSortedDictionary(StringComparer.Ordinal),
        Origin = new PolicyOrigin(source.Meta.Kind, source.Meta.Namespace, source.Meta.Name),
    };

    private static StatusReport Status(MeshIndex index, TokenSource source, List<ObjectKey> targets) => new()
    {
        ApiVersion = source.Meta.ApiVersion,
        Kind = source.Meta.Kind,
        Namespace = source.Meta.Namespace,
        Name = source.Meta.Name,
        Generation = source.Refusal?.Generation ?? source.Meta.Generation,
        Conditions = source.Refusal is { } refusal ? [RefusalReports.Condition(refusal, Consequence)]
            : targets.Find(t => !PolicyTargets.Exists(index, t)) is { Name: not null } missing
                ? [Condition.False(Condition.Accepted, "TargetNotFound", $"there is no {TextOf(missing)}")]
            : [Condition.True(Condition.Accepted, "Accepted", "the policy is in force"), Waypoint(index, source, targets)],
    };

    /// <summary>Tokens are seen by waypoints and gateways alone.</summary>
    private static Condition Waypoint(MeshIndex index, TokenSource source, List<ObjectKey> targets)
    {
        var spread = index.Attachments.Of(source.Meta.Key);
        bool some = source.HasTargets ? targets.Exists(t => !PolicyTargets.IsUnguarded(index, t)) : spread.BehindWaypoint > 0;
        bool all = source.HasTargets ? !targets.Exists(t => PolicyTargets.IsUnguarded(index, t)) : spread.Direct == 0;
        return !some ? Condition.False(Condition.WaypointAccepted, "NoWaypoint", "nobody checks tokens: what it means has no waypoint; bind one")
            : !all ? Condition.True(Condition.WaypointAccepted, "Partial", "enforced at the waypoints; some of what it means has none, and there tokens are not checked")
            : Condition.True(Condition.WaypointAccepted, "Accepted", "enforced at the waypoints");
    }

    private static IEnumerable<Finding> Findings(MeshIndex index, TokenSource source, List<ObjectKey> targets)
    {
        foreach (var target in targets)
        {
            if (!PolicyTargets.Exists(index, target))
            {
                yield return Warning(source, FindingCodes.NotAttached, "spec.targetRefs", $"there is no {TextOf(target)}, so nobody enforces the policy; create it or correct the name");
            }
            else if (PolicyTargets.IsUnguarded(index, target))
            {
                yield return Warning(source, FindingCodes.NeedsWaypoint, "spec.targetRefs", $"{TextOf(target)} has no waypoint, so its tokens are not checked; bind one");
            }
        }

        var spread = index.Attachments.Of(source.Meta.Key);
        if (!source.HasTargets && spread.IsEmpty)
        {
            yield return Warning(source, FindingCodes.PolicySelectsNothing, source.Selector is null ? "" : "spec.selector", "selects no workload; correct the labels or the namespace");
        }
        else if (!source.HasTargets && spread.Direct > 0)
        {
            yield return Warning(source, FindingCodes.NeedsWaypoint, "",
                "some of the workloads that it means have no waypoint: their tokens are not checked, and rules with requestPrincipals allow nobody there; bind one");
        }

        if (source.Rules is { IsEmpty: true })
        {
            yield return Warning(source, FindingCodes.NeverMatches, "spec.jwtRules", "has no rules, so it checks no token");
        }
    }

    private static string TextOf(ObjectKey key) =>
        $"{key.Kind[(key.Kind.LastIndexOf('/') + 1)..]} {(key.Namespace.Length > 0 ? key.Namespace + "/" : "")}{key.Name}";

    private static Finding Warning(TokenSource source, string code, string field, string message) =>
        new(code, FindingLevel.Warning, source.Meta.Kind, source.Meta.Namespace, source.Meta.Name, field, message);
}
