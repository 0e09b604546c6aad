using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.GatewayApi;

[Resource("gateway.networking.k8s.io", "UDPRoute", "udproutes", "v1", "v1alpha2",
    Categories = ["gateway-api", "ambient"])]
[Description("Routes UDP datagrams from Gateways to backends.")]
public sealed record UDPRoute
{
    [Description("Parents and rules.")]
    public UDPRouteSpec? Spec { get; init; }
}
