using System.Collections.Frozen;
using System.Collections.Immutable;
using Ambient.Core.Policies;
using Ambient.Core.Policies.Tokens;
using Ambient.Core.Routes;
using Ambient.Policy.Requests;

namespace Ambient.Policy.Tokens;

/// <summary>A rule ready to check tokens with.</summary>
internal sealed class CompiledTokenRule
{
    private readonly FrozenSet<string>? _lists;

    public CompiledTokenRule(TokenRule rule, PolicyOrigin origin)
    {
        Rule = rule;
        Origin = origin;
        Source = rule.Source;
        Keys = Source is null && JsonWebKeySet.TryParse(rule.Keys, true, out JsonWebKeySet? keys, out _) ? keys : null;
        _lists = rule.SpaceDelimitedClaims.IsEmpty ? null : rule.SpaceDelimitedClaims.ToFrozenSet(StringComparer.Ordinal);
    }

    public TokenRule Rule { get; }

    public PolicyOrigin Origin { get; }

    /// <summary>Null: <see cref="Keys"/>.</summary>
    public TokenKeySource? Source { get; }

    public JsonWebKeySet? Keys { get; }

    public IEnumerable<TokenPlace> Places => Rule is { FromHeaders.IsEmpty: true, FromParameters.IsEmpty: true, FromCookies.IsEmpty: true }
        ? [new TokenPlace(TokenPlaceKind.Header, "authorization", "Bearer "), new TokenPlace(TokenPlaceKind.Parameter, "access_token", "")]
        :
        [
            .. Rule.FromHeaders.Select(static h => new TokenPlace(TokenPlaceKind.Header, h.Name, h.Prefix)),
            .. Rule.FromParameters.Select(static p => new TokenPlace(TokenPlaceKind.Parameter, p, "")),
            .. Rule.FromCookies.Select(static c => new TokenPlace(TokenPlaceKind.Cookie, c, "")),
        ];

    /// <summary>Headers that the rule writes.</summary>
    public IEnumerable<string> Written =>
        Rule.ClaimHeaders.Select(static c => c.Header).Concat(Rule.PayloadHeader.Length > 0 ? [Rule.PayloadHeader] : Array.Empty<string>());

    /// <summary>What a token that this rule found valid means for the request.</summary>
    public TokenResult Result(ReadToken token, TokenPlace place)
    {
        bool taken = !Rule.ForwardToken;
        return new TokenResult
        {
            Outcome = TokenOutcome.Valid,
            Token = new RequestToken(token.Claims, _lists),
            RemoveHeaders = taken && place.Kind == TokenPlaceKind.Header ? [place.Name, .. place.Written] : place.Written,
            RemoveParameters = taken && place.Kind == TokenPlaceKind.Parameter ? [place.Name] : [],
            RemoveCookies = taken && place.Kind == TokenPlaceKind.Cookie ? [place.Name] : [],
            SetHeaders = SetHeaders(token),
        };
    }

    private ImmutableArray<HeaderValue> SetHeaders(ReadToken token)
    {
        var set = ImmutableArray.CreateBuilder<HeaderValue>();
        if (Rule.PayloadHeader.Length > 0)
        {
            set.Add(new HeaderValue(Rule.PayloadHeader, token.Payload));
        }

        foreach (ClaimHeader header in Rule.ClaimHeaders)
        {
            if (ClaimText.Of(token.Claims, header.Claim) is { } value)
            {
                set.Add(new HeaderValue(header.Header, value));
            }
        }

        return set.ToImmutable();
    }
}
