using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Security;

[Open]
[Description("An issuer, how its tokens are checked, and what is made of a valid one.")]
public sealed record JwtRule
{
    [Description("The issuer that a token must name (iss).")]
    [Limits(MaxLength = 2048, Required = true)]
    public string? Issuer { get; init; }

    [Description("Audiences of which a token must name one (aud); any when left out.")]
    [Limits(MaxItems = 64, MaxLength = 2048)]
    public IReadOnlyList<string>? Audiences { get; init; }

    [Description("Where the keys are fetched. Without it and jwks: by OpenID Connect discovery at the issuer.")]
    [Limits(MaxLength = 2048)]
    public string? JwksUri { get; init; }

    [Description("The keys themselves (JSON Web Key Set). Not together with jwksUri.")]
    [Limits(MaxLength = 262144)]
    public string? Jwks { get; init; }

    [Description("Headers that carry a token. With none of fromHeaders, fromParams, fromCookies: Authorization: Bearer, then the query parameter access_token.")]
    [Limits(MaxItems = 16)]
    public IReadOnlyList<JwtHeader>? FromHeaders { get; init; }

    [Description("Query parameters that carry a token.")]
    [Limits(MaxItems = 16, MaxLength = 256)]
    public IReadOnlyList<string>? FromParams { get; init; }

    [Description("Cookies that carry a token.")]
    [Limits(MaxItems = 16, MaxLength = 256)]
    public IReadOnlyList<string>? FromCookies { get; init; }

    [Description("Header that gets the token's payload, base64url; never the client's own.")]
    [Limits(MaxLength = 256)]
    public string? OutputPayloadToHeader { get; init; }

    [Description("Claims that go on as headers.")]
    [Limits(MaxItems = 64)]
    public IReadOnlyList<ClaimToHeader>? OutputClaimToHeaders { get; init; }

    [Description("Leaves the token in the request; it is taken out unless true.")]
    public bool? ForwardOriginalToken { get; init; }

    [Description("Time for one fetch of the keys; 5s when left out.")]
    [Limits(MaxLength = 64)]
    public string? Timeout { get; init; }

    [Description("Claims whose text is a list, beside scope and permission.")]
    [Limits(MaxItems = 64, MaxLength = 256)]
    public IReadOnlyList<string>? SpaceDelimitedClaims { get; init; }
}
