using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Ambient.Core.Policies;

namespace Ambient.Policy.Rules;

/// <summary>A policy ready to evaluate; made once for as long as the policy itself lives and shared by every workload it applies to.</summary>
internal sealed class CompiledPolicy
{
    private static readonly ConditionalWeakTable<AuthorizationPolicy, CompiledPolicy> Made = [];

    private CompiledPolicy(AuthorizationPolicy policy)
    {
        Policy = policy;
        IsOfPeer = policy.Action == PolicyAction.Allow && policy.Name.Name.StartsWith(PolicyOrigin.OnlyFromPrefix, StringComparison.Ordinal);
        Rules = [.. policy.Rules.Select((rule, i) => new CompiledRule(rule, policy.Action == PolicyAction.Deny, Decide(policy, i)))];
    }

    public AuthorizationPolicy Policy { get; }

    public ImmutableArray<CompiledRule> Rules { get; }

    /// <summary>Judges who connects, not whom it speaks for.</summary>
    public bool IsOfPeer { get; }

    public static CompiledPolicy Of(AuthorizationPolicy policy) => Made.GetValue(policy, static p => new CompiledPolicy(p));

    /// <summary>Place of the first rule that matches; -1 when none does (always so for a policy without rules).</summary>
    public int FirstMatch(in Facts facts)
    {
        for (int i = 0; i < Rules.Length; i++)
        {
            if (Rules[i].Matches(facts))
            {
                return i;
            }
        }

        return -1;
    }

    private static Decision Decide(AuthorizationPolicy policy, int rule)
    {
        bool allow = policy.Action == PolicyAction.Allow;
        return new Decision(
            allow ? DecisionKind.AllowedByPolicy : DecisionKind.DeniedByPolicy,
            policy.Key,
            PolicyNames.IndexOf(policy, rule),
            policy.Origin,
            $"{(allow ? "allowed" : "denied")} by {PolicyNames.Of(policy)} {PolicyNames.OfRule(policy, rule)}");
    }
}
