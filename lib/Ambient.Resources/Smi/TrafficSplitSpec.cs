using System.ComponentModel;
using System.Text.Json.Nodes;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Smi;

[Open]
[Description("The service and the shares.")]
public sealed record TrafficSplitSpec
{
    [Description("The service that clients call.")]
    public string? Service { get; init; }

    [Description("Services that get the traffic.")]
    public IReadOnlyList<TrafficSplitBackend>? Backends { get; init; }

    [Description("HTTPRouteGroups that choose the requests meant.")]
    public IReadOnlyList<JsonObject>? Matches { get; init; }
}
