using System.Collections.Immutable;

namespace Ambient.Core.Policies.Tokens;

/// <summary>One issuer, where its tokens are looked for, and what is made of a valid one (JWTRule).</summary>
public sealed record TokenRule
{
    /// <summary>The token's <c>iss</c>, exactly.</summary>
    public required string Issuer { get; init; }

    /// <summary>The token's <c>aud</c> names one of these; empty: any audience, or none.</summary>
    public ImmutableArray<string> Audiences { get; init; } = [];

    /// <summary>JSON Web Key Set (RFC 7517) as text; empty: the keys are fetched from <see cref="Source"/>.</summary>
    public string Keys { get; init; } = "";

    /// <summary>Where keys are fetched; empty with no <see cref="Keys"/> either: by OIDC discovery at the issuer.</summary>
    public string KeysUri { get; init; } = "";

    /// <summary>For one fetch.</summary>
    public TimeSpan FetchTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>With <see cref="FromParameters"/> and <see cref="FromCookies"/> all empty: <c>Authorization: Bearer</c>, then the query parameter <c>access_token</c>.</summary>
    public ImmutableArray<TokenHeader> FromHeaders { get; init; } = [];

    public ImmutableArray<string> FromParameters { get; init; } = [];

    public ImmutableArray<string> FromCookies { get; init; } = [];

    /// <summary>False: taken out of the request when it goes on.</summary>
    public bool ForwardToken { get; init; }

    /// <summary>Lower-case header that gets the payload as it is in the token (base64url); empty: none.</summary>
    public string PayloadHeader { get; init; } = "";

    public ImmutableArray<ClaimHeader> ClaimHeaders { get; init; } = [];

    /// <summary>Claims whose text is a list, beside <c>scope</c> and <c>permission</c>.</summary>
    public ImmutableArray<string> SpaceDelimitedClaims { get; init; } = [];

    /// <summary>Where the keys come from; null when they are in the rule.</summary>
    public TokenKeySource? Source => Keys.Length > 0 ? null
        : KeysUri.Length > 0 ? new TokenKeySource(KeysUri, false)
        : new TokenKeySource(Issuer, true);
}
