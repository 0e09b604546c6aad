using Ambient.Core.Policies;
using Ambient.Policy.Rules;

namespace Ambient.Policy.Verdicts;

/// <summary>Why a policy's rules matched or did not, naming the clause: what was compared with what.</summary>
internal static class RuleWords
{
    private const int MaxRules = 8;

    public static string WhyMatched(AuthorizationPolicy policy, int rule, in Facts parsed, in ConnectionFacts facts)
    {
        if (PolicyNames.IsRefused(policy))
        {
            return "the resource has a fault and was refused, so it denies everything until it is repaired";
        }

        PolicyRule written = policy.Rules[rule];
        CompiledRule compiled = CompiledPolicy.Of(policy).Rules[rule];
        if (written.Clauses.IsEmpty)
        {
            return $"{PolicyNames.OfRule(policy, rule)} has no conditions and matches every connection";
        }

        List<string> holding = [];
        for (int i = 0; i < written.Clauses.Length; i++)
        {
            int match = FirstHolding(compiled, i, parsed);
            holding.Add(match < 0
                ? "an empty clause, which denies"
                : Part(written.Clauses[i], match) + FieldWords.Holding(written.Clauses[i].Matches[match], facts));
        }

        return $"{PolicyNames.OfRule(policy, rule)}: {string.Join("; ", holding)}";
    }

    public static string WhyNot(AuthorizationPolicy policy, in Facts parsed, in ConnectionFacts facts)
    {
        if (policy.Rules.IsEmpty)
        {
            return policy.Action == PolicyAction.Allow ? "has no rules that can match: allows nothing" : "has no rules: denies nothing";
        }

        List<string> against = [];
        for (int i = 0; i < policy.Rules.Length && i < MaxRules; i++)
        {
            against.Add($"{PolicyNames.OfRule(policy, i)}: {WhyNot(policy, i, parsed, facts)}");
        }

        if (policy.Rules.Length > MaxRules)
        {
            against.Add($"and {policy.Rules.Length - MaxRules} more rules");
        }

        return string.Join("; ", against);
    }

    private static string WhyNot(AuthorizationPolicy policy, int rule, in Facts parsed, in ConnectionFacts facts)
    {
        CompiledRule compiled = CompiledPolicy.Of(policy).Rules[rule];
        int clause = compiled.FirstClauseAgainst(parsed);
        PolicyClause written = policy.Rules[rule].Clauses[clause];
        List<string> reasons = [];
        for (int i = 0; i < written.Matches.Length && i < MaxRules; i++)
        {
            MatchField field = compiled.Clauses[clause][i].FirstFieldAgainst(parsed);
            reasons.Add(Part(written, i) + FieldWords.Against(field, written.Matches[i], facts));
        }

        return reasons.Count == 0 ? "an empty clause, which allows nothing" : string.Join(", and ", reasons);
    }

    private static string Part(PolicyClause clause, int match) =>
        PolicyNames.OfMatch(clause, match) is { Length: > 0 } part ? part + " " : "";

    private static int FirstHolding(CompiledRule rule, int clause, in Facts parsed)
    {
        for (int i = 0; i < rule.Clauses[clause].Length; i++)
        {
            if (rule.Clauses[clause][i].Matches(parsed))
            {
                return i;
            }
        }

        return -1;
    }
}
