using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Networking;

[Open]
[Description("Chooses workloads by labels.")]
public sealed record EntrySelector
{
    [Description("Labels that a workload must all carry.")]
    [Limits(MaxItems = 64, MaxLength = 63)]
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}
