using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Security;

[Open]
[Description("A claim that goes on as a header.")]
public sealed record ClaimToHeader
{
    [Description("Name of the header; never the client's own.")]
    [Limits(MaxLength = 256, Required = true)]
    public string? Header { get; init; }

    [Description("Name of the claim; dots lead into claims: realm.role.")]
    [Limits(MaxLength = 256, Required = true)]
    public string? Claim { get; init; }
}
