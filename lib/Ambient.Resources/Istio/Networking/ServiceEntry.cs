using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Networking;

[Resource("networking.istio.io", "ServiceEntry", "serviceentries", "v1", "v1beta1", "v1alpha3",
    ShortNames = ["se"], Categories = ["istio-io", "networking-istio-io", "ambient"])]
[Column("Hosts", ".spec.hosts")]
[Column("Location", ".spec.location")]
[Column("Resolution", ".spec.resolution")]
[Description("Makes hosts known to the mesh that are no Kubernetes services.")]
public sealed record ServiceEntry
{
    [Description("The hosts, their ports and where they are.")]
    public ServiceEntrySpec? Spec { get; init; }
}
