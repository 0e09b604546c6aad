using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Linkerd;

[Resource("linkerd.io", "ServiceProfile", "serviceprofiles", "v1alpha2", "v1alpha1",
    ShortNames = ["sp"], Categories = ["linkerd", "ambient"])]
[Description("Routes of a service, with retries and timeouts; its name is the service's full host name.")]
public sealed record ServiceProfile
{
    [Description("The routes.")]
    public ServiceProfileSpec? Spec { get; init; }
}
