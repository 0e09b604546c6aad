using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Networking;

[Resource("networking.istio.io", "EnvoyFilter", "envoyfilters", "v1alpha3",
    Categories = ["istio-io", "networking-istio-io", "ambient"])]
[Description("Patches for Envoy's configuration. There is no Envoy here: what is understood of it is translated, the rest is reported.")]
public sealed record EnvoyFilter
{
    [Description("Whom it is for and the patches.")]
    public EnvoyFilterSpec? Spec { get; init; }
}
