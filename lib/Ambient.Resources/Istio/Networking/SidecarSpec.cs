using System.ComponentModel;
using System.Text.Json.Nodes;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Networking;

[Open]
[Description("Whom it is for and what they see.")]
public sealed record SidecarSpec
{
    [Description("The workloads meant.")]
    public EntrySelector? WorkloadSelector { get; init; }

    [Description("Inbound listeners.")]
    public IReadOnlyList<JsonObject>? Ingress { get; init; }

    [Description("Hosts that are reached.")]
    [Limits(MaxItems = 256)]
    public IReadOnlyList<SidecarEgress>? Egress { get; init; }

    [Description("What happens to unknown destinations.")]
    public SidecarOutbound? OutboundTrafficPolicy { get; init; }

    [Description("Limits of inbound connections.")]
    public JsonObject? InboundConnectionPool { get; init; }
}
