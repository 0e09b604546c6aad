using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Networking;

[Resource("networking.istio.io", "VirtualService", "virtualservices", "v1", "v1beta1", "v1alpha3",
    ShortNames = ["vs"], Categories = ["istio-io", "networking-istio-io", "ambient"])]
[Column("Gateways", ".spec.gateways")]
[Column("Hosts", ".spec.hosts")]
[Description("Routes requests to hosts: matches, splits, retries, timeouts, faults.")]
public sealed record VirtualService
{
    [Description("Which requests, and where they go.")]
    public VirtualServiceSpec? Spec { get; init; }
}
