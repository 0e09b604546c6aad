using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Networking;

[Resource("networking.istio.io", "Gateway", "gateways", "v1", "v1beta1", "v1alpha3",
    ShortNames = ["gw"], Categories = ["istio-io", "networking-istio-io", "ambient"])]
[Description("Ports and hosts that a gateway serves.")]
public sealed record Gateway
{
    [Description("The gateway and its servers.")]
    public GatewaySpec? Spec { get; init; }
}
