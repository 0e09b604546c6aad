using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.GatewayApi;

[Resource("gateway.networking.k8s.io", "GatewayClass", "gatewayclasses", "v1", "v1beta1",
    ClusterScoped = true, ShortNames = ["gc"], Categories = ["gateway-api", "ambient"])]
[Column("Controller", ".spec.controllerName")]
[Column("Accepted", ".status.conditions[?(@.type==\"Accepted\")].status")]
[Description("Names the controller that serves Gateways of this class.")]
public sealed record GatewayClass
{
    [Description("The controller and its parameters.")]
    public GatewayClassSpec? Spec { get; init; }
}
