using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Networking;

[Resource("networking.istio.io", "DestinationRule", "destinationrules", "v1", "v1beta1", "v1alpha3",
    ShortNames = ["dr"], Categories = ["istio-io", "networking-istio-io", "ambient"])]
[Column("Host", ".spec.host")]
[Description("Says how to talk to a service once a route has chosen it: balancing, limits, ejection, subsets.")]
public sealed record DestinationRule
{
    [Description("The host and the policies for it.")]
    public DestinationRuleSpec? Spec { get; init; }
}
