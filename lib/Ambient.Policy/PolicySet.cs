using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Ambient.Core;
using Ambient.Core.Policies;
using Ambient.Core.Workloads;
using Ambient.Policy.Rules;

namespace Ambient.Policy;

/// <summary>
/// All policies that apply to one workload: mesh-wide ones, those of its namespace, and those that it lists. Order of a decision:
/// <list type="number">
/// <item>a DENY policy matches: denied;</item>
/// <item>a listed policy is missing: refused, since what is missing might deny;</item>
/// <item>no ALLOW policy applies: allowed;</item>
/// <item>an ALLOW policy matches: allowed; none does: denied.</item>
/// </list>
/// Dry-run policies are evaluated for <see cref="Explain"/> only. Deciding allocates nothing.
/// </summary>
public sealed class PolicySet
{
    private static readonly Decision NoPolicies = new(
        DecisionKind.AllowedWithoutPolicies, null, -1, null, "no ALLOW policy applies and no DENY policy matched");

    // Weak by snapshot: an old snapshot's sets go with it. Workloads compare by reference, as records they would be walked whole.
    private static readonly ConditionalWeakTable<MeshSnapshot, ConcurrentDictionary<Workload, PolicySet>> Made = [];

    private readonly ImmutableArray<CompiledPolicy> _deny;
    private readonly ImmutableArray<CompiledPolicy> _allow;
    private readonly Decision? _missing;
    private readonly Decision _noMatch;

    private PolicySet(PolicySelection selection)
    {
        Selection = selection;
        _deny = Enforced(selection, PolicyAction.Deny);
        _allow = Enforced(selection, PolicyAction.Allow);
        _missing = selection.Missing is [var first, ..] ? Missing(first) : null;
        _noMatch = _allow.IsEmpty ? NoPolicies : NoAllowMatched(_allow);
    }

    internal PolicySelection Selection { get; }

    /// <summary>The set for a workload of a snapshot; the same object each time for the same two.</summary>
    public static PolicySet For(MeshSnapshot snapshot, Workload destination)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(destination);
        ConcurrentDictionary<Workload, PolicySet> sets = Made.GetValue(
            snapshot, static _ => new ConcurrentDictionary<Workload, PolicySet>(ReferenceEqualityComparer.Instance));
        return sets.GetOrAdd(destination, static (w, s) => new PolicySet(PolicySelection.For(s, w)), snapshot);
    }

    /// <summary>True when some policy, dry-run or not, applies.</summary>
    public bool Any => !Selection.Policies.IsEmpty || !Selection.Missing.IsEmpty;

    public Decision Decide(in ConnectionFacts facts)
    {
        Span<char> buffer = stackalloc char[CallerText.MaxPrincipalLength];
        Facts peer = new(facts, buffer);
        if (facts.Caller is null)
        {
            return FirstOf(_deny, peer, peer) ?? _missing ?? FirstOf(_allow, peer, peer) ?? _noMatch;
        }

        Span<char> second = stackalloc char[CallerText.MaxPrincipalLength];
        Facts caller = new(facts, facts.Caller, second);
        return FirstOf(_deny, caller, peer) ?? _missing ?? FirstOf(_allow, caller, peer) ?? _noMatch;
    }

    /// <summary>
    /// What every policy says and which one decided, in the order of evaluation (DENY, missing, ALLOW; by key). The deciding words
    /// are the same compiled rules that <see cref="Decide"/> uses.
    /// </summary>
    public ImmutableArray<PolicyVerdict> Explain(in ConnectionFacts facts) => Verdicts.Explanation.Of(this, facts, Decide(facts));

    private static Decision? FirstOf(ImmutableArray<CompiledPolicy> policies, in Facts caller, in Facts peer)
    {
        foreach (CompiledPolicy policy in policies)
        {
            int rule = policy.FirstMatch(policy.IsOfPeer ? peer : caller);
            if (rule >= 0)
            {
                return policy.Rules[rule].WhenMatched;
            }
        }

        return null;
    }

    private static ImmutableArray<CompiledPolicy> Enforced(PolicySelection selection, PolicyAction action) =>
        [.. selection.Policies.Where(p => p.Action == action && !p.DryRun).Select(CompiledPolicy.Of)];

    private static Decision Missing(string key) => new(
        DecisionKind.Refused, key, -1, null, $"refused: policy {key} is listed on the workload but has not arrived");

    private static Decision NoAllowMatched(ImmutableArray<CompiledPolicy> allow) => new(
        DecisionKind.DeniedWithoutMatch,
        allow.Length == 1 ? allow[0].Policy.Key : null,
        -1,
        allow.Length == 1 ? allow[0].Policy.Origin : null,
        "denied: no rule matched in " + string.Join(", ", allow.Take(MaxNamed).Select(p => PolicyNames.Of(p.Policy)))
            + (allow.Length > MaxNamed ? $" and {allow.Length - MaxNamed} more ALLOW policies" : ""));

    private const int MaxNamed = 4;
}
