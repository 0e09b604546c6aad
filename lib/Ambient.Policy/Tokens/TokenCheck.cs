using System.Collections.Immutable;
using Ambient.Core.Policies;
using Ambient.Core.Requests;
using Ambient.Policy.Tokens.Keys;

namespace Ambient.Policy.Tokens;

/// <summary>
/// Steps: find the tokens; read each (a known one is known already); a rule of its issuer must accept its audience, its times and its signature.
/// One bad token refuses the request, wherever it stands.
/// </summary>
public sealed class TokenCheck(ITokenKeys keys, TimeProvider time) : ITokenCheck
{
    /// <summary>Clocks differ (RFC 7519 §4.1.4).</summary>
    public static TimeSpan Leeway { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Keys that one token is tried with.</summary>
    private const int MaxTries = 16;

    private const int MaxCachedTokens = 16 * 1024;
    private const long MaxCachedLength = 16 * 1024 * 1024;

    private static readonly TokenRefusal TooMany = new(TokenProblem.Malformed, $"the request carries more than {TokenFinder.Most} tokens", null);

    private readonly TokenCache _cache = new(MaxCachedTokens, MaxCachedLength);

    internal int Cached => _cache.Count;

    public TokenResult Check(TokenPolicySet policies, IRequestHeaders headers, ReadOnlySpan<char> query)
    {
        ArgumentNullException.ThrowIfNull(policies);
        ArgumentNullException.ThrowIfNull(headers);
        if (policies.IsEmpty)
        {
            return TokenResult.Nothing;
        }

        return policies.Refusal is { } refused ? Refused(refused)
            : TokenFinder.Find(policies, headers, query) is not { } found ? policies.WithoutToken
            : found.Count > TokenFinder.Most ? Refused(TooMany)
            : All(found, policies);
    }

    private TokenResult All(List<FoundToken> found, TokenPolicySet policies)
    {
        TokenResult? valid = null;
        bool same = true;
        foreach (FoundToken token in found)
        {
            TokenResult result = One(token);
            if (result.Outcome == TokenOutcome.Refused)
            {
                return result;
            }

            same &= string.Equals(token.Text, found[0].Text, StringComparison.Ordinal);
            valid = valid is null ? result : Both(valid, result);
        }

        return same ? valid! : valid! with { Outcome = TokenOutcome.Several, Token = null, SetHeaders = [], RemoveHeaders = Union(valid!.RemoveHeaders, policies.WithoutToken.RemoveHeaders) };
    }

    /// <summary>The first one's headers; each token is taken out where it stands.</summary>
    private static TokenResult Both(TokenResult first, TokenResult second) => first with
    {
        RemoveHeaders = Union(first.RemoveHeaders, second.RemoveHeaders),
        RemoveParameters = Union(first.RemoveParameters, second.RemoveParameters),
        RemoveCookies = Union(first.RemoveCookies, second.RemoveCookies),
    };

    private static ImmutableArray<string> Union(ImmutableArray<string> a, ImmutableArray<string> b) => [.. a.Union(b, StringComparer.Ordinal)];

    private TokenResult One(FoundToken found)
    {
        TokenCache.Key key = TokenCache.Key.Of(found.Text);
        ReadToken? token = _cache.Find(key);
        if (token is null && TokenReader.Read(found.Text, out token) is var problem and not TokenProblem.None)
        {
            return Refused(problem, found.Place, null);
        }

        bool known = token!.VerifiedBy is not null;
        TokenProblem worst = TokenProblem.Issuer;
        CompiledTokenRule? of = null;
        foreach (CompiledTokenRule rule in found.Place.Rules)
        {
            if (!string.Equals(rule.Rule.Issuer, token.Issuer, StringComparison.Ordinal))
            {
                continue;
            }

            TokenProblem wrong = Fits(token, rule);
            if (wrong == TokenProblem.None)
            {
                if (!known)
                {
                    _cache.Add(key, token);
                }

                return token.ResultOf(rule, found.Place);
            }

            (worst, of) = (wrong, rule);
        }

        return Refused(worst, found.Place, of);
    }

    private TokenProblem Fits(ReadToken token, CompiledTokenRule rule)
    {
        double now = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;
        return token.Expires is { } expires && now >= expires + Leeway.TotalSeconds ? TokenProblem.Expired
            : token.NotBefore is { } notBefore && now < notBefore - Leeway.TotalSeconds ? TokenProblem.NotYetValid
            : !rule.Rule.Audiences.IsEmpty && !rule.Rule.Audiences.Intersect(token.Audiences, StringComparer.Ordinal).Any() ? TokenProblem.Audience
            : Signed(token, rule);
    }

    private TokenProblem Signed(ReadToken token, CompiledTokenRule rule)
    {
        JsonWebKeySet? set = rule.Source is { } source ? keys.Find(source) : rule.Keys;
        if (set is null)
        {
            return TokenProblem.KeysMissing;
        }

        TokenProblem problem = Signed(token, set);
        // Without a key id, a signature that no key made may be a new key's.
        if (rule.Source is { } missed && (problem == TokenProblem.KeyUnknown || (problem == TokenProblem.Signature && token.KeyId.Length == 0)))
        {
            keys.Missed(missed);
        }

        return problem;
    }

    private static TokenProblem Signed(ReadToken token, JsonWebKeySet set)
    {
        string? by = token.VerifiedBy;
        int tried = 0;
        foreach (JsonWebKey key in set.Keys)
        {
            if (!key.Suits(token.Algorithm, token.KeyId))
            {
                continue;
            }

            if (by is not null ? string.Equals(by, key.Thumbprint, StringComparison.Ordinal) : key.Verifies(token.Algorithm, token.SignedBytes, token.Signature))
            {
                if (by is null)
                {
                    token.Verified(key.Thumbprint);
                }

                return TokenProblem.None;
            }

            if (++tried == MaxTries && by is null)
            {
                break;
            }
        }

        return tried == 0 || by is not null ? TokenProblem.KeyUnknown : TokenProblem.Signature;
    }

    private static TokenResult Refused(TokenProblem problem, TokenPlace place, CompiledTokenRule? rule)
    {
        PolicyOrigin? origin = rule?.Origin ?? (place.Rules is [var only] ? only.Origin : null);
        return Refused(new TokenRefusal(problem, TokenWords.Reason(problem, rule), origin));
    }

    private static TokenResult Refused(TokenRefusal refusal) => new() { Outcome = TokenOutcome.Refused, Refusal = refusal };
}
