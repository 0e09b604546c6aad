using System.ComponentModel;
using System.Text.Json.Nodes;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Networking;

[Open]
[Description("Whom it is for and the patches.")]
public sealed record EnvoyFilterSpec
{
    [Description("The workloads meant.")]
    public EntrySelector? WorkloadSelector { get; init; }

    [Description("The objects that it is attached to.")]
    public IReadOnlyList<JsonObject>? TargetRefs { get; init; }

    [Description("The patches.")]
    public IReadOnlyList<JsonObject>? ConfigPatches { get; init; }

    [Description("Order among several.")]
    public int? Priority { get; init; }
}
