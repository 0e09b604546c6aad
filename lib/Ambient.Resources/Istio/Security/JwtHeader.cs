using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Security;

[Open]
[Description("A header that carries a token.")]
public sealed record JwtHeader
{
    [Description("Name of the header.")]
    [Limits(MaxLength = 256, Required = true)]
    public string? Name { get; init; }

    [Description("What stands before the token, with its space: \"Bearer \". Left out: nothing.")]
    [Limits(MaxLength = 256)]
    public string? Prefix { get; init; }
}
