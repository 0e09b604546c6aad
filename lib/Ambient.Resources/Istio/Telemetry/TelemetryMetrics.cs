using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Telemetry;

[Open]
[Description("What is measured.")]
public sealed record TelemetryMetrics
{
    [Description("Where the numbers go.")]
    [Limits(MaxItems = 16)]
    public IReadOnlyList<TelemetryProvider>? Providers { get; init; }

    [Description("What is different from the default.")]
    [Limits(MaxItems = 64)]
    public IReadOnlyList<TelemetryMetricOverride>? Overrides { get; init; }

    [Description("How often numbers are sent.")]
    [Limits(MaxLength = 64)]
    public string? ReportingInterval { get; init; }
}
