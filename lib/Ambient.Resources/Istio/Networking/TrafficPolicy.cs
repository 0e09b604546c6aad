using System.ComponentModel;
using System.Text.Json.Nodes;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Networking;

[Open]
[Description("Policies for connections to a destination.")]
public sealed record TrafficPolicy
{
    [Description("How an endpoint is chosen.")]
    public JsonObject? LoadBalancer { get; init; }

    [Description("Limits of connections and requests.")]
    public JsonObject? ConnectionPool { get; init; }

    [Description("When an endpoint is left out for a while.")]
    public JsonObject? OutlierDetection { get; init; }

    [Description("TLS towards the destination.")]
    public JsonObject? Tls { get; init; }

    [Description("Policies by port.")]
    public IReadOnlyList<JsonObject>? PortLevelSettings { get; init; }

    [Description("Reaches the destination through a proxy.")]
    public JsonObject? Tunnel { get; init; }

    [Description("PROXY protocol towards the destination.")]
    public JsonObject? ProxyProtocol { get; init; }

    [Description("Share of requests that may be retries.")]
    public JsonObject? RetryBudget { get; init; }
}
