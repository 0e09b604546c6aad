using System.ComponentModel;
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
    [Limits(MaxItems = 16)]
    public IReadOnlyList<TelemetryTracing>? Tracing { get; init; }

    [Description("Metrics.")]
    [Limits(MaxItems = 16)]
    public IReadOnlyList<TelemetryMetrics>? Metrics { get; init; }

    [Description("Access log.")]
    [Limits(MaxItems = 16)]
    public IReadOnlyList<TelemetryAccessLogging>? AccessLogging { get; init; }
}
