using System.ComponentModel;
using System.Text.Json.Nodes;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Security;

[Open]
[Description("An issuer and how its tokens are checked.")]
public sealed record JwtRule
{
    [Description("The issuer that a token must name.")]
    [Limits(MaxLength = 2048, Required = true)]
    public string? Issuer { get; init; }

    [Description("Audiences of which a token must name one.")]
    public IReadOnlyList<string>? Audiences { get; init; }

    [Description("Where the keys are fetched.")]
    public string? JwksUri { get; init; }

    [Description("The keys themselves.")]
    public string? Jwks { get; init; }

    [Description("Headers that carry a token.")]
    public IReadOnlyList<JsonObject>? FromHeaders { get; init; }

    [Description("Query parameters that carry a token.")]
    public IReadOnlyList<string>? FromParams { get; init; }

    [Description("Cookies that carry a token.")]
    public IReadOnlyList<string>? FromCookies { get; init; }

    [Description("Header that gets the payload.")]
    public string? OutputPayloadToHeader { get; init; }

    [Description("Headers that get claims.")]
    public IReadOnlyList<JsonObject>? OutputClaimToHeaders { get; init; }

    [Description("Leaves the token in the request.")]
    public bool? ForwardOriginalToken { get; init; }

    [Description("Time to fetch the keys.")]
    public string? Timeout { get; init; }

    [Description("Claims that hold several values.")]
    public IReadOnlyList<string>? SpaceDelimitedClaims { get; init; }
}
