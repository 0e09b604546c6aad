using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Smi;

[Resource("split.smi-spec.io", "TrafficSplit", "trafficsplits", "v1alpha4", "v1alpha3", "v1alpha2", "v1alpha1",
    ShortNames = ["ts"], Categories = ["smi", "ambient"])]
[Column("Service", ".spec.service")]
[Description("Splits the traffic to a service among others.")]
public sealed record TrafficSplit
{
    [Description("The service and the shares.")]
    public TrafficSplitSpec? Spec { get; init; }
}
