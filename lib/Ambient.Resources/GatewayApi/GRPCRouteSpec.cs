using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.GatewayApi;

[Open]
[Description("Parents and rules.")]
public sealed record GRPCRouteSpec
{
    [Description("What the route attaches to: Gateways, or Services for traffic within the mesh.")]
    [Limits(MaxItems = 32)]
    public IReadOnlyList<ParentReference>? ParentRefs { get; init; }

    [Description("Hosts that the route is for.")]
    [Limits(MaxItems = 1024, MaxLength = 253)]
    public IReadOnlyList<string>? Hostnames { get; init; }

    [Description("Rules; the most specific match wins.")]
    [Limits(MaxItems = 16)]
    public IReadOnlyList<GRPCRouteRule>? Rules { get; init; }
}
