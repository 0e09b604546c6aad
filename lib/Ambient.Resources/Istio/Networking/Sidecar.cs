using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Networking;

[Resource("networking.istio.io", "Sidecar", "sidecars", "v1", "v1beta1", "v1alpha3",
    Categories = ["istio-io", "networking-istio-io", "ambient"])]
[Description("What workloads may call: the services that they see, and whether they may call others. Enforced by node proxies and waypoints.")]
public sealed record Sidecar
{
    [Description("Whom it is for and what they see.")]
    public SidecarSpec? Spec { get; init; }
}
