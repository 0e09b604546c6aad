using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Telemetry;

[Open]
[Description("Names a metric, and the side.")]
public sealed record TelemetryMetricMatch
{
    [Description("One of the standard metrics.")]
    [OneOf("ALL_METRICS", "REQUEST_COUNT", "REQUEST_DURATION", "REQUEST_SIZE", "RESPONSE_SIZE", "TCP_OPENED_CONNECTIONS", "TCP_CLOSED_CONNECTIONS", "TCP_SENT_BYTES", "TCP_RECEIVED_BYTES", "GRPC_REQUEST_MESSAGES", "GRPC_RESPONSE_MESSAGES")]
    public string? Metric { get; init; }

    [Description("A metric by its own name.")]
    [Limits(MaxLength = 253)]
    public string? CustomMetric { get; init; }

    [Description("CLIENT, SERVER or both.")]
    [OneOf("CLIENT_AND_SERVER", "CLIENT", "SERVER")]
    public string? Mode { get; init; }
}
