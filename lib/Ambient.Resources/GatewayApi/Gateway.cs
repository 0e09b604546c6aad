using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.GatewayApi;

[Resource("gateway.networking.k8s.io", "Gateway", "gateways", "v1", "v1beta1",
    ShortNames = ["gtw"], Categories = ["gateway-api", "ambient"])]
[Column("Class", ".spec.gatewayClassName")]
[Column("Address", ".status.addresses[*].value")]
[Column("Programmed", ".status.conditions[?(@.type==\"Programmed\")].status")]
[Description("Asks for a place where traffic comes in: an ingress, or a waypoint.")]
public sealed record Gateway
{
    [Description("Class, listeners and addresses.")]
    public GatewaySpec? Spec { get; init; }
}
