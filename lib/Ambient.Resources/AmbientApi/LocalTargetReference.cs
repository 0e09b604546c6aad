using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.AmbientApi;

[Open]
[Description("An object of the own namespace.")]
public sealed record LocalTargetReference
{
    [Description("API group; empty for Service.")]
    [Limits(MaxLength = 253)]
    public string? Group { get; init; }

    [Description("Kind.")]
    [Limits(MaxLength = 63, Required = true)]
    public string? Kind { get; init; }

    [Description("Name.")]
    [Limits(MaxLength = 253, Required = true)]
    public string? Name { get; init; }
}
