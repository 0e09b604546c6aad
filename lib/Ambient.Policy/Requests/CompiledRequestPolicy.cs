using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Ambient.Core.Policies;
using Ambient.Core.Policies.Requests;
using Ambient.Policy.Requests.Checks;

namespace Ambient.Policy.Requests;

/// <summary>A policy ready to evaluate; made once for as long as the policy itself lives.</summary>
internal sealed class CompiledRequestPolicy
{
    private static readonly ConditionalWeakTable<RequestPolicy, CompiledRequestPolicy> Made = [];

    private volatile LastDecision? _last;

    private CompiledRequestPolicy(RequestPolicy policy)
    {
        Policy = policy;
        CheckMaker make = new(policy.Name.Namespace, policy.Action != RequestPolicyAction.Allow);
        Rules = [.. policy.Rules.Select(r => new CompiledRequestRule(r, make))];
        Origin = policy.Origin ?? new PolicyOrigin("AuthorizationPolicy", policy.Name.Namespace, policy.Name.Name);
    }

    public RequestPolicy Policy { get; }

    public PolicyOrigin Origin { get; }

    public ImmutableArray<CompiledRequestRule> Rules { get; }

    public static CompiledRequestPolicy Of(RequestPolicy policy) => Made.GetValue(policy, static p => new CompiledRequestPolicy(p));

    /// <summary>
    /// The first rule that matches. Where a path can be read in two ways, an ALLOW needs a rule for each reading; for the others one is enough.
    /// </summary>
    public RequestPolicyMatch First(RequestSubject subject)
    {
        RequestPolicyMatch match = First(subject, subject.Request.Path);
        if (subject.OtherPath is not { } other)
        {
            return match;
        }

        RequestPolicyMatch second = First(subject, other);
        return Policy.Action == RequestPolicyAction.Allow ? (second.Any ? match : second) : match.Any ? match : second;
    }

    /// <summary>What a match means; the last one is kept, since most requests match alike.</summary>
    public RequestDecision Decided(RequestPolicyMatch match, DecisionKind kind)
    {
        if (_last is { } last && last.Match == match && last.Decision.Kind == kind)
        {
            return last.Decision;
        }

        RequestDecision decision = new(kind, Policy.Key, Origin, match.Rule, match.Clause, RequestWords.Decided(this, match, kind));
        _last = new LastDecision(match, decision);
        return decision;
    }

    private RequestPolicyMatch First(RequestSubject subject, string? path)
    {
        for (int i = 0; i < Rules.Length; i++)
        {
            if (Rules[i].Matches(subject, path, out int from, out int to))
            {
                return new RequestPolicyMatch(i, from, to);
            }
        }

        return RequestPolicyMatch.None;
    }

    private sealed record LastDecision(RequestPolicyMatch Match, RequestDecision Decision);
}
