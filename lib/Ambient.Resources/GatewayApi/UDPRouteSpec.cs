using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.GatewayApi;

[Open]
[Description("Parents and rules.")]
public sealed record UDPRouteSpec
{
    [Description("The Gateways, or ListenerSets, with UDP listeners.")]
    [Limits(MaxItems = 32)]
    public IReadOnlyList<ParentReference>? ParentRefs { get; init; }

    [Description("The rule.")]
    [Limits(MaxItems = 16)]
    public IReadOnlyList<UDPRouteRule>? Rules { get; init; }
}
