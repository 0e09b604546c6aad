using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Networking;

[Resource("networking.istio.io", "WorkloadGroup", "workloadgroups", "v1", "v1beta1", "v1alpha3",
    ShortNames = ["wg"], Categories = ["istio-io", "networking-istio-io", "ambient"])]
[Description("A template for the WorkloadEntries of machines that register themselves.")]
public sealed record WorkloadGroup
{
    [Description("The template.")]
    public WorkloadGroupSpec? Spec { get; init; }
}
