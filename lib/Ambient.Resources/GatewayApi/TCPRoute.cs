using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.GatewayApi;

[Resource("gateway.networking.k8s.io", "TCPRoute", "tcproutes", "v1", "v1alpha2",
    Categories = ["gateway-api", "ambient"])]
[Description("Routes TCP connections from Gateways or Services to backends.")]
public sealed record TCPRoute
{
    [Description("Parents and rules.")]
    public TCPRouteSpec? Spec { get; init; }
}
