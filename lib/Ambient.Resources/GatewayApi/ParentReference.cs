using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.GatewayApi;

[Open]
[Description("What a route attaches to.")]
public sealed record ParentReference
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

    [Description("A listener.")]
    [Limits(MaxLength = 253)]
    public string? SectionName { get; init; }

    [Description("A port.")]
    [Limits(Minimum = 1, Maximum = 65535)]
    public int? Port { get; init; }
}
