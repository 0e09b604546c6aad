using System.Collections.Immutable;
using Ambient.Core.Policies;
using Ambient.Policy.Rules;

namespace Ambient.Policy.Verdicts;

/// <summary>Puts a decision into words: one verdict for each policy that applies.</summary>
internal static class Explanation
{
    public static ImmutableArray<PolicyVerdict> Of(PolicySet set, in ConnectionFacts facts, Decision decision)
    {
        ImmutableArray<PolicyVerdict>.Builder verdicts = ImmutableArray.CreateBuilder<PolicyVerdict>();
        foreach (AuthorizationPolicy policy in set.Selection.Policies.Where(p => p.Action == PolicyAction.Deny))
        {
            verdicts.Add(Verdict(policy, facts, decision));
        }

        foreach (string key in set.Selection.Missing)
        {
            verdicts.Add(new PolicyVerdict(
                key, null, -1, null, false, "listed on the workload but has not arrived; connections are refused until it does",
                decision.Kind == DecisionKind.Refused, false));
        }

        foreach (AuthorizationPolicy policy in set.Selection.Policies.Where(p => p.Action == PolicyAction.Allow))
        {
            verdicts.Add(Verdict(policy, facts, decision));
        }

        return verdicts.ToImmutable();
    }

    private static PolicyVerdict Verdict(AuthorizationPolicy policy, in ConnectionFacts all, Decision decision)
    {
        CompiledPolicy compiled = CompiledPolicy.Of(policy);
        ConnectionFacts facts = all.JudgedBy(compiled.IsOfPeer);
        Span<char> buffer = stackalloc char[CallerText.MaxPrincipalLength];
        Facts parsed = new(facts, buffer);
        int rule = compiled.FirstMatch(parsed);
        bool decided = !policy.DryRun && decision.Kind switch
        {
            DecisionKind.AllowedByPolicy or DecisionKind.DeniedByPolicy =>
                string.Equals(decision.PolicyKey, policy.Key, StringComparison.Ordinal),
            DecisionKind.DeniedWithoutMatch => policy.Action == PolicyAction.Allow,
            _ => false,
        };
        string words = rule >= 0 ? RuleWords.WhyMatched(policy, rule, parsed, facts) : RuleWords.WhyNot(policy, parsed, facts);
        return new PolicyVerdict(
            policy.Key, policy.Origin, PolicyNames.IndexOf(policy, rule), policy.Action, rule >= 0, policy.DryRun ? "dry run: " + words : words, decided, policy.DryRun);
    }
}
