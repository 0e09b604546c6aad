using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Telemetry;

[Open]
[Description("What is different about a metric.")]
public sealed record TelemetryMetricOverride
{
    [Description("Which metric; all of them when left out.")]
    public TelemetryMetricMatch? Match { get; init; }

    [Description("Is not measured.")]
    public bool? Disabled { get; init; }

    [Description("Labels that are changed, added or removed.")]
    [Limits(MaxItems = 64)]
    public IReadOnlyDictionary<string, TelemetryTagOverride>? TagOverrides { get; init; }
}
