using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.GatewayApi;

[Open]
[Description("The Gateway that listeners are added to.")]
public sealed record ParentGatewayReference
{
    [Description("API group; that of Gateways when left out.")]
    [Limits(MaxLength = 253)]
    public string? Group { get; init; }

    [Description("Kind; Gateway when left out.")]
    [Limits(MaxLength = 63)]
    public string? Kind { get; init; }

    [Description("Namespace; the own one when left out.")]
    [Limits(MaxLength = 63)]
    public string? Namespace { get; init; }

    [Description("Name.")]
    [Limits(MaxLength = 253, Required = true)]
    public string? Name { get; init; }
}
