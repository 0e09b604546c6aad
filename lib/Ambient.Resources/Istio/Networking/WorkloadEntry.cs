using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Networking;

[Resource("networking.istio.io", "WorkloadEntry", "workloadentries", "v1", "v1beta1", "v1alpha3",
    ShortNames = ["we"], Categories = ["istio-io", "networking-istio-io", "ambient"])]
[Column("Address", ".spec.address")]
[Description("A workload outside Kubernetes, such as a virtual machine.")]
public sealed record WorkloadEntry
{
    [Description("Where the workload is and who it is.")]
    public WorkloadEntrySpec? Spec { get; init; }
}
