using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.GatewayApi;

[Resource("gateway.networking.k8s.io", "GRPCRoute", "grpcroutes", "v1", "v1alpha2",
    Categories = ["gateway-api", "ambient"])]
[Column("Hostnames", ".spec.hostnames")]
[Description("Routes gRPC calls from Gateways or Services to backends.")]
public sealed record GRPCRoute
{
    [Description("Parents and rules.")]
    public GRPCRouteSpec? Spec { get; init; }
}
