using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.GatewayApi;

[Open]
[Description("Objects that may be referred to.")]
public sealed record GrantTo
{
    [Description("API group.")]
    [Limits(MaxLength = 253)]
    public string? Group { get; init; }

    [Description("Kind.")]
    [Limits(MaxLength = 63, Required = true)]
    public string? Kind { get; init; }

    [Description("Name; all when left out.")]
    [Limits(MaxLength = 253)]
    public string? Name { get; init; }
}
