using System.Collections.Immutable;
using Ambient.Compile.Index;
using Ambient.Compile.RequestPolicies;
using Ambient.Compile.Sources;
using Ambient.Core;
using Ambient.Core.Policies;

namespace Ambient.Compile.Authorization;

/// <summary>AuthorizationPolicy → L4 policy, the same for waypoints, and its status.</summary>
internal static class AuthorizationCompiler
{
    /// <summary>True when a workload must list the policy; otherwise the policy reaches it by its scope, or not at all.</summary>
    public static bool IsListed(MeshIndex index, AuthorizationSource policy, bool behindWaypoint) =>
        !policy.IsAudit && ScopeOf(index, policy) == PolicyScope.WorkloadSelector && (!behindWaypoint || policy.ReachesBehindWaypoint);

    public static UnitOutput Compile(MeshIndex index, AuthorizationSource policy)
    {
        var rules = new RuleCompiler(policy.Meta.Namespace, index.TrustDomains, ActionOf(policy));
        var compiled = policy.Spec is null ? [new PolicyRule([])] : rules.Compile(policy.Spec.Rules ?? []);
        var spread = index.Attachments.Of(policy.Meta.Key);
        var reporter = new AuthorizationReporter(index, policy, rules, spread);
        return new UnitOutput
        {
            Policies = policy.IsAudit || (policy.HasTargets && spread.IsEmpty) ? [] : [Policy(index, policy, compiled)],
            Resources = [RequestPolicyCompiler.Compile(index, policy)],
            Status = reporter.Status(),
            Findings = reporter.Findings(),
        };
    }

    private static AuthorizationPolicy Policy(MeshIndex index, AuthorizationSource policy, ImmutableArray<PolicyRule> rules) => new()
    {
        Name = NameOf(policy),
        Scope = ScopeOf(index, policy),
        Action = ActionOf(policy),
        Rules = rules,
        DryRun = policy.Meta.Annotation("istio.io/dry-run") == "true",
        Origin = new PolicyOrigin(policy.Meta.Kind, policy.Meta.Namespace, policy.Meta.Name),
    };

    /// <summary>
    /// A policy without selector reaches its scope by itself, unless some of that scope is behind a waypoint where it is not the
    /// node proxy's to enforce: then the others list it.
    /// </summary>
    private static PolicyScope ScopeOf(MeshIndex index, AuthorizationSource policy) =>
        policy.HasTargets || policy.Selector is { Count: > 0 } || (index.Attachments.Of(policy.Meta.Key).BehindWaypoint > 0 && !policy.ReachesBehindWaypoint)
            ? PolicyScope.WorkloadSelector
            : index.Options.IsRoot(policy.Meta.Namespace) ? PolicyScope.Global
            : PolicyScope.Namespace;

    /// <summary>What a provider would decide is denied where it cannot be asked.</summary>
    private static PolicyAction ActionOf(AuthorizationSource policy) =>
        policy.Spec is null or { Action: "DENY" or "CUSTOM" } ? PolicyAction.Deny : PolicyAction.Allow;

    private static NamespacedName NameOf(AuthorizationSource policy) =>
        new(policy.Meta.Namespace, (policy.Spec is null ? PolicyOrigin.RefusedPrefix : "") + policy.Meta.Name);
}
