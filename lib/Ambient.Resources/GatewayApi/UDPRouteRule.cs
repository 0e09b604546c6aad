using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.GatewayApi;

[Open]
[Description("Backends.")]
public sealed record UDPRouteRule
{
    [Description("Name of the rule.")]
    [Limits(MaxLength = 253)]
    public string? Name { get; init; }

    [Description("Backends, by weight.")]
    [Limits(MaxItems = 16)]
    public IReadOnlyList<BackendReference>? BackendRefs { get; init; }
}
