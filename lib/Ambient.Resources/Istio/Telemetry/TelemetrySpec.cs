using System.ComponentModel;
using System.Text.Json.Nodes;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Telemetry;

[Open]
[Description("Whom it is for and what is recorded.")]
public sealed record TelemetrySpec
{
    [Description("The workloads meant.")]
    public WorkloadSelector? Selector { get; init; }

    [Description("The objects that it is attached to.")]
    public IReadOnlyList<PolicyTargetReference>? TargetRefs { get; init; }

    [Description("Tracing.")]
    public IReadOnlyList<JsonObject>? Tracing { get; init; }

    [Description("Metrics.")]
    public IReadOnlyList<JsonObject>? Metrics { get; init; }

    [Description("Access log.")]
    public IReadOnlyList<JsonObject>? AccessLogging { get; init; }
}
