using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.GatewayApi;

[Open]
[Description("Objects that may refer.")]
public sealed record GrantFrom
{
    [Description("API group.")]
    [Limits(MaxLength = 253)]
    public string? Group { get; init; }

    [Description("Kind.")]
    [Limits(MaxLength = 63, Required = true)]
    public string? Kind { get; init; }

    [Description("Namespace.")]
    [Limits(MaxLength = 63, Required = true)]
    public string? Namespace { get; init; }
}
