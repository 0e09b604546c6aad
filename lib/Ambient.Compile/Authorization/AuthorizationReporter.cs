using System.Collections.Immutable;
using Ambient.Compile.Index;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Authorization;

/// <summary>What people are told about an AuthorizationPolicy: its conditions and its findings.</summary>
internal sealed class AuthorizationReporter(MeshIndex index, AuthorizationSource policy, RuleCompiler rules, Spread spread)
{
    private bool IsDeny => policy.Spec?.Action == "DENY";

    private string L7 => string.Join(", ", rules.L7Fields);

    private bool L7Direct => (rules.L7Fields.Count > 0 || policy.IsAudit || policy.IsCustom) && (spread.Direct > 0 || (spread.BehindWaypoint == 0 && !policy.HasTargets));

    public StatusReport Status() => new()
    {
        ApiVersion = policy.Meta.ApiVersion,
        Kind = policy.Meta.Kind,
        Namespace = policy.Meta.Namespace,
        Name = policy.Meta.Name,
        Generation = policy.Refusal?.Generation ?? policy.Meta.Generation,
        Conditions = policy.Refusal is { } refusal ? [RefusalReports.Condition(refusal, Consequence)] : Conditions(),
    };

    public ImmutableArray<Finding> Findings()
    {
        var findings = ImmutableArray.CreateBuilder<Finding>();
        if (policy.Refusal is { } refusal)
        {
            findings.AddRange(refusal.Problems);
            findings.Add(RefusalReports.Finding(policy.Meta, refusal, Consequence));
            return findings.ToImmutable();
        }

        if (spread.IsEmpty && !policy.HasTargets)
        {
            findings.Add(Warning(FindingCodes.PolicySelectsNothing, policy.Selector is null ? "" : "spec.selector",
                "selects no workload; correct the labels or the namespace"));
        }

        findings.AddRange(policy.HasTargets ? Targets() : []);
        if (L7Direct)
        {
            findings.Add(Warning(FindingCodes.L7WithoutWaypoint, "spec.rules", L7Message()));
        }

        if (IsDeny && policy.Spec!.Rules is null or { Count: 0 })
        {
            findings.Add(Warning(FindingCodes.NeverMatches, "spec.rules", "a DENY policy without rules denies nothing; use rules: [{}] to deny everything"));
        }

        findings.AddRange(rules.LiteralStars.Select(path => Warning(FindingCodes.NeverMatches, path,
            "a star inside a path stands for itself; write {*} for one segment, or a star at one end")));
        findings.AddRange(IsDeny || policy.IsAudit || policy.IsCustom ? [] : rules.PassedWithoutIdentity.Select(path => Warning(FindingCodes.AllowsUnauthenticated, path,
            "excludes identities only, so a plaintext caller without identity is allowed; add principals: [\"*\"]")));
        return findings.ToImmutable();
    }

    private static string Consequence => "until then it denies all connections to the workloads that it means";

    private static Condition Accepted() => Condition.True(Condition.Accepted, "Accepted", "the policy is in force");

    private ImmutableArray<Condition> Conditions() => policy.HasTargets
        ? TargetConditions()
        : spread.BehindWaypoint > 0 && !policy.ReachesBehindWaypoint
            ? [Accepted(), Ztunnel(), Condition.True(Condition.WaypointAccepted, "Accepted", "left to the waypoint of the workloads that have one")]
            : [Accepted(), Ztunnel()];

    private ImmutableArray<Condition> TargetConditions()
    {
        var targets = PolicyTargets.KeysOf(policy).ToList();
        if (targets.Find(t => !PolicyTargets.Exists(index, t)) is { Name: not null } missing)
        {
            return [Condition.False(Condition.Accepted, "TargetNotFound", $"there is no {TextOf(missing)}"), .. targets.Count > 1 ? [Ztunnel()] : Array.Empty<Condition>()];
        }

        bool all = targets.TrueForAll(t => PolicyTargets.IsUnguarded(index, t));
        bool none = !targets.Exists(t => PolicyTargets.IsUnguarded(index, t));
        return
        [
            Accepted(),
            none ? Condition.False(Condition.ZtunnelAccepted, "Targeted", "attached to objects: left to their waypoint")
                : L7Direct ? Ztunnel()
                : Condition.True(Condition.ZtunnelAccepted, "Accepted", "enforced by the node proxies at the pods behind the target, which has no waypoint"),
            .. all ? Array.Empty<Condition>() : [Condition.True(Condition.WaypointAccepted, "Accepted", "enforced by the waypoint of the target")],
        ];
    }

    private IEnumerable<Finding> Targets()
    {
        foreach (var target in PolicyTargets.KeysOf(policy))
        {
            if (!PolicyTargets.Exists(index, target))
            {
                yield return Warning(FindingCodes.NotAttached, "spec.targetRefs", $"there is no {TextOf(target)}, so nobody enforces the policy; create it or correct the name");
            }
            else if (target.Kind == KnownKinds.GatewayClass && !index.Options.IsRoot(policy.Meta.Namespace))
            {
                yield return Warning(FindingCodes.NotAttached, "spec.targetRefs",
                    $"{TextOf(target)} is meant in namespace {policy.Meta.Namespace} alone; only a policy in {index.Options.RootNamespaces[0]} means all Gateways of the class");
            }
            else if (PolicyTargets.IsUnguarded(index, target) && spread.IsEmpty)
            {
                yield return Warning(FindingCodes.PolicySelectsNothing, "spec.targetRefs", $"{TextOf(target)} has neither a waypoint nor pods");
            }
        }
    }

    private static string TextOf(ObjectKey key) =>
        $"{key.Kind[(key.Kind.LastIndexOf('/') + 1)..]} {(key.Namespace.Length > 0 ? key.Namespace + "/" : "")}{key.Name}";

    private Condition Ztunnel() => L7Direct
        ? Condition.False(Condition.ZtunnelAccepted, "UnsupportedValue", L7Message())
        : Condition.True(Condition.ZtunnelAccepted, "Accepted", "enforced by the node proxies");

    private string L7Message() => policy.IsAudit ? "AUDIT is noted by waypoints only: nothing is noted here; bind a waypoint"
        : policy.IsCustom ? "a provider is asked by waypoints only: all connections that could match are denied; bind a waypoint"
        : IsDeny
        ? $"{L7} cannot be seen without a waypoint: all connections that could match are denied; bind a waypoint to deny less"
        : $"{L7} cannot be seen without a waypoint: rules with them never match, so they allow nothing; bind a waypoint to enforce them";

    private Finding Warning(string code, string field, string message) =>
        new(code, FindingLevel.Warning, policy.Meta.Kind, policy.Meta.Namespace, policy.Meta.Name, field, message);
}
