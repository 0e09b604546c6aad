using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.GatewayApi;

[Resource("gateway.networking.k8s.io", "TLSRoute", "tlsroutes", "v1", "v1alpha3", "v1alpha2",
    Categories = ["gateway-api", "ambient"])]
[Column("Hostnames", ".spec.hostnames")]
[Description("Routes TLS connections by server name from Gateways or Services to backends.")]
public sealed record TLSRoute
{
    [Description("Parents and rules.")]
    public TLSRouteSpec? Spec { get; init; }
}
