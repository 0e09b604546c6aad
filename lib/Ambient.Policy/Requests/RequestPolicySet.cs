using System.Collections.Immutable;
using Ambient.Core.Policies.Requests;

namespace Ambient.Policy.Requests;

/// <summary>
/// All policies that apply to the requests of one destination. Order: an authorization provider may refuse (CUSTOM, asked by the proxy);
/// a DENY matches: denied; no ALLOW applies: allowed; an ALLOW matches: allowed; none does: denied. AUDIT and dry-run policies never decide.
/// Immutable, thread-safe.
/// </summary>
public sealed class RequestPolicySet
{
    private static readonly RequestDecision NoPolicies = new(
        DecisionKind.AllowedWithoutPolicies, null, null, -1, "", "no ALLOW policy applies and no DENY policy matched");

    private readonly ImmutableArray<CompiledRequestPolicy> _all;
    private readonly ImmutableArray<CompiledRequestPolicy> _custom;
    private readonly ImmutableArray<CompiledRequestPolicy> _deny;
    private readonly ImmutableArray<CompiledRequestPolicy> _allow;
    private readonly ImmutableArray<CompiledRequestPolicy> _noted;
    private readonly PolicyLookup _denyLookup;
    private readonly PolicyLookup _allowLookup;
    private readonly RequestDecision _noMatch;

    private RequestPolicySet(IEnumerable<RequestPolicy> policies)
    {
        _all = [.. policies.OrderBy(p => p.Name).Select(CompiledRequestPolicy.Of)];
        _custom = Enforced(RequestPolicyAction.Custom);
        _deny = Enforced(RequestPolicyAction.Deny);
        _allow = Enforced(RequestPolicyAction.Allow);
        _noted = [.. _all.Where(p => p.Policy.DryRun || p.Policy.Action == RequestPolicyAction.Audit)];
        _denyLookup = new PolicyLookup(_deny);
        _allowLookup = new PolicyLookup(_allow);
        _noMatch = _allow.IsEmpty ? NoPolicies : NoAllowMatched(_allow);
    }

    public static RequestPolicySet Empty { get; } = new([]);

    /// <summary>Policies that were in an earlier set are not compiled again.</summary>
    public static RequestPolicySet Of(IEnumerable<RequestPolicy> policies) => new(policies);

    /// <summary>Whatever the request, the answer is <see cref="DecisionKind.AllowedWithoutPolicies"/> and there is nothing to note.</summary>
    public bool IsEmpty => _all.IsEmpty;

    /// <summary>Names of the providers to be asked before <see cref="Decide"/> counts, each once; one refusal refuses.</summary>
    public ImmutableArray<string> ProvidersFor(AuthorizationRequest request)
    {
        if (_custom.IsEmpty)
        {
            return [];
        }

        RequestSubject subject = new(request);
        return [.. _custom.Where(p => p.First(subject).Any).Select(p => p.Policy.Provider).Distinct(StringComparer.Ordinal)];
    }

    public RequestDecision Decide(AuthorizationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (_deny.IsEmpty && _allow.IsEmpty)
        {
            return NoPolicies;
        }

        RequestSubject subject = new(request);
        return FirstOf(_denyLookup, subject, DecisionKind.DeniedByPolicy) ?? FirstOf(_allowLookup, subject, DecisionKind.AllowedByPolicy) ?? _noMatch;
    }

    /// <summary>The AUDIT and dry-run policies that match, for the access log and metrics.</summary>
    public ImmutableArray<RequestVerdict> Notes(AuthorizationRequest request)
    {
        if (_noted.IsEmpty)
        {
            return [];
        }

        RequestSubject subject = new(request);
        return [.. _noted.Select(p => RequestWords.VerdictOf(p, subject, null)).Where(v => v.Matched)];
    }

    /// <summary>What every policy says and which one decided, by the same compiled rules as <see cref="Decide"/>, in its order.</summary>
    public ImmutableArray<RequestVerdict> Explain(AuthorizationRequest request)
    {
        RequestDecision decision = Decide(request);
        RequestSubject subject = new(request);
        return [.. _custom.Concat(_deny).Concat(_allow).Concat(_noted).Select(p => RequestWords.VerdictOf(p, subject, decision))];
    }

    private static RequestDecision? FirstOf(PolicyLookup policies, RequestSubject subject, DecisionKind kind) =>
        policies.First(subject, out RequestPolicyMatch match)?.Decided(match, kind);

    private static RequestDecision NoAllowMatched(ImmutableArray<CompiledRequestPolicy> allow) => new(
        DecisionKind.DeniedWithoutMatch,
        allow is [var only] ? only.Policy.Key : null,
        allow is [var alone] ? alone.Origin : null,
        -1,
        "",
        RequestWords.NoneMatched(allow));

    private ImmutableArray<CompiledRequestPolicy> Enforced(RequestPolicyAction action) =>
        [.. _all.Where(p => p.Policy.Action == action && !p.Policy.DryRun)];
}
