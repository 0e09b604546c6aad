using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.GatewayApi;

[Resource("gateway.networking.k8s.io", "HTTPRoute", "httproutes", "v1", "v1beta1",
    Categories = ["gateway-api", "ambient"])]
[Column("Hostnames", ".spec.hostnames")]
[Description("Routes HTTP requests from Gateways or Services to backends.")]
public sealed record HTTPRoute
{
    [Description("Parents and rules.")]
    public HTTPRouteSpec? Spec { get; init; }
}
