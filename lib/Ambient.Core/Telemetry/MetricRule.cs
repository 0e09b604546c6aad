using System.Collections.Immutable;

namespace Ambient.Core.Telemetry;

/// <summary>An entry of <c>overrides</c> of an entry of <c>spec.metrics</c>.</summary>
public sealed record MetricRule
{
    /// <summary>Istio's word for the metric, e.g. <c>REQUEST_COUNT</c>, or a metric's own name; <c>ALL_METRICS</c> for every one.</summary>
    public string Metric { get; init; } = AllMetrics;

    public TelemetryMode Mode { get; init; }

    /// <summary>Null is inherited.</summary>
    public bool? Disabled { get; init; }

    /// <summary>By label.</summary>
    public ImmutableSortedDictionary<string, TagOverride> Tags { get; init; } = ImmutableSortedDictionary.Create<string, TagOverride>(StringComparer.Ordinal);

    public const string AllMetrics = "ALL_METRICS";
}
