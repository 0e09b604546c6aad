using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio;

[Open]
[Description("Chooses workloads of a namespace by their labels.")]
public sealed record WorkloadSelector
{
    [Description("Labels that a workload must all carry; none means every workload of the namespace.")]
    [Limits(MaxItems = 64, MaxLength = 63)]
    public IReadOnlyDictionary<string, string>? MatchLabels { get; init; }
}
