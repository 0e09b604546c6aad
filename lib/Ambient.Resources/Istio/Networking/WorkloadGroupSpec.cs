using System.ComponentModel;
using System.Text.Json.Nodes;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Networking;

[Open]
[Description("The template.")]
public sealed record WorkloadGroupSpec
{
    [Description("Labels and annotations of the entries.")]
    public JsonObject? Metadata { get; init; }

    [Description("The entries.")]
    public WorkloadEntrySpec? Template { get; init; }

    [Description("How health is checked.")]
    public JsonObject? Probe { get; init; }
}
