using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio;

[Open]
[Description("Names the object that a policy is attached to.")]
public sealed record PolicyTargetReference
{
    [Description("API group of the object; empty for core kinds such as Service.")]
    [Limits(MaxLength = 253)]
    public string? Group { get; init; }

    [Description("Kind of the object: Gateway, GatewayClass, Service or ServiceEntry.")]
    [Limits(MaxLength = 63, Required = true)]
    public string? Kind { get; init; }

    [Description("Name of the object.")]
    [Limits(MaxLength = 253, Required = true)]
    public string? Name { get; init; }

    [Description("Namespace of the object; only the policy's own one is accepted.")]
    [Limits(MaxLength = 63)]
    public string? Namespace { get; init; }
}
