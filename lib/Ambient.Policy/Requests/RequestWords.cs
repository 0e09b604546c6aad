using System.Collections.Immutable;
using Ambient.Core.Policies.Requests;

namespace Ambient.Policy.Requests;

/// <summary>Policies, rules and what they said in words.</summary>
internal static class RequestWords
{
    private const int MaxNamed = 4;
    private const int MaxRules = 8;

    public static string Decided(CompiledRequestPolicy policy, RequestPolicyMatch match, DecisionKind kind) =>
        $"{(kind == DecisionKind.AllowedByPolicy ? "allowed" : "denied")} by {policy.Origin} {Rule(match)}";

    public static string NoneMatched(ImmutableArray<CompiledRequestPolicy> allow) =>
        "denied: no rule matched in " + string.Join(", ", allow.Take(MaxNamed).Select(p => p.Origin.ToString()))
            + (allow.Length > MaxNamed ? $" and {allow.Length - MaxNamed} more ALLOW policies" : "");

    public static RequestVerdict VerdictOf(CompiledRequestPolicy policy, RequestSubject subject, RequestDecision? decision)
    {
        RequestPolicyMatch match = policy.First(subject);
        bool enforced = !policy.Policy.DryRun && policy.Policy.Action is RequestPolicyAction.Allow or RequestPolicyAction.Deny;
        bool decided = enforced && decision is not null && (decision.Kind == DecisionKind.DeniedWithoutMatch
            ? policy.Policy.Action == RequestPolicyAction.Allow
            : match.Any && decision.PolicyKey == policy.Policy.Key);
        return new RequestVerdict(
            policy.Policy.Key,
            policy.Origin,
            policy.Policy.Action,
            match.Any,
            match.Rule,
            match.Clause,
            match.Any ? Rule(match) + " matches" : WhyNot(policy, subject),
            decided,
            policy.Policy.DryRun);
    }

    private static string Rule(RequestPolicyMatch match) =>
        $"rule {match.Rule}" + (match.Clause.Length > 0 ? $" ({match.Clause})" : "");

    private static string WhyNot(CompiledRequestPolicy policy, RequestSubject subject)
    {
        if (policy.Rules.IsEmpty)
        {
            return policy.Policy.Action == RequestPolicyAction.Allow ? "has no rules: allows nothing" : "has no rules: matches nothing";
        }

        string? path = subject.Request.Path;
        if (subject.OtherPath is { } other && policy.Rules.Any(r => r.Matches(subject, path, out _, out _)))
        {
            return $"matches {path}, but not {other}, as which a backend may read it";
        }

        IEnumerable<string> rules = policy.Rules.Take(MaxRules).Select((r, i) => $"rule {i}: {r.WhyNot(subject, path)}");
        return string.Join("; ", rules) + (policy.Rules.Length > MaxRules ? $"; and {policy.Rules.Length - MaxRules} more rules" : "");
    }
}
