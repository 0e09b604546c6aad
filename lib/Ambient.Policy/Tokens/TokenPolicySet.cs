using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Ambient.Core.Policies;
using Ambient.Core.Policies.Tokens;

namespace Ambient.Policy.Tokens;

/// <summary>
/// All token policies that apply to the requests of one destination; their rules are one list. Immutable, thread-safe; make it when policies change,
/// not for each request.
/// </summary>
public sealed class TokenPolicySet
{
    private static readonly ConditionalWeakTable<TokenPolicy, ImmutableArrayHolder> Made = [];

    private TokenPolicySet(ImmutableArray<TokenPolicy> policies)
    {
        Policies = policies;
        ImmutableArray<CompiledTokenRule> rules = [.. policies.SelectMany(static p => Made.GetValue(p, static q => new ImmutableArrayHolder(q)).Rules)];
        Refusal = policies.Where(static p => p.Refused is not null)
            .Select(static p => new TokenRefusal(TokenProblem.PolicyRefused, $"{OriginOf(p)} is refused, so no request can be checked; see its status", OriginOf(p)))
            .FirstOrDefault();
        ImmutableArray<string> written = [.. rules.SelectMany(static r => r.Written).Distinct(StringComparer.Ordinal)];
        Places =
        [
            .. rules.SelectMany(static r => r.Places.Select(place => (Rule: r, Place: place)))
                .GroupBy(static p => (p.Place.Kind, p.Place.Name, p.Place.Prefix))
                .Select(g => new TokenPlace(g.Key.Kind, g.Key.Name, g.Key.Prefix) { Rules = [.. g.Select(static p => p.Rule).Distinct()], Written = written }),
        ];
        WithoutToken = written.IsEmpty ? TokenResult.Nothing : new TokenResult { RemoveHeaders = written };
        Sources = [.. rules.Select(static r => r.Source).OfType<TokenKeySource>().Distinct()];
    }

    public static TokenPolicySet Empty { get; } = new([]);

    /// <summary>In order of precedence by name. Policies that were in an earlier set are not compiled again.</summary>
    public static TokenPolicySet Of(IEnumerable<TokenPolicy> policies)
    {
        ImmutableArray<TokenPolicy> sorted = [.. policies.OrderBy(static p => p.Name)];
        return sorted.IsEmpty ? Empty : new TokenPolicySet(sorted);
    }

    /// <summary>Whatever the request, the answer is <see cref="TokenResult.Nothing"/>.</summary>
    public bool IsEmpty => Policies.IsEmpty;

    public ImmutableArray<TokenPolicy> Policies { get; }

    /// <summary>Key sets that must be fetched.</summary>
    public ImmutableArray<TokenKeySource> Sources { get; }

    internal ImmutableArray<TokenPlace> Places { get; }

    /// <summary>Set when one of the policies cannot be enforced.</summary>
    internal TokenRefusal? Refusal { get; }

    internal TokenResult WithoutToken { get; }

    private static PolicyOrigin OriginOf(TokenPolicy policy) =>
        policy.Origin ?? new PolicyOrigin("RequestAuthentication", policy.Name.Namespace, policy.Name.Name);

    private sealed class ImmutableArrayHolder(TokenPolicy policy)
    {
        public ImmutableArray<CompiledTokenRule> Rules { get; } = [.. policy.Rules.Select(r => new CompiledTokenRule(r, OriginOf(policy)))];
    }
}
