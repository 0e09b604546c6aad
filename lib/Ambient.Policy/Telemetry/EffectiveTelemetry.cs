using System.Collections.Immutable;
using Ambient.Core.Telemetry;
using Ambient.Policy.Telemetry.Expressions;

namespace Ambient.Policy.Telemetry;

/// <summary>What is recorded of some requests at a proxy, after all that Telemetry resources and the Mesh say.</summary>
public sealed record EffectiveTelemetry
{
    /// <summary>Names of the resources that it came of, from the widest to the nearest; equal where they are the same.</summary>
    public string Sources { get; init; } = "";

    /// <summary>Takes the spans; null: no tracing.</summary>
    public TracingProvider? Provider { get; init; }

    /// <summary>0 to 100.</summary>
    public double SamplingPercentage { get; init; }

    public ImmutableArray<CustomTag> CustomTags { get; init; } = [];

    public bool AccessLog { get; init; } = true;

    /// <summary>Null: every request is logged.</summary>
    public TelemetryExpression? Filter { get; init; }

    /// <summary>By name of <see cref="IstioMetrics"/>; one that is not in it is unchanged. Null: all are unchanged.</summary>
    public ImmutableSortedDictionary<string, MetricPlan>? Metrics { get; init; }

    public MetricPlan PlanOf(string metric) => Metrics?.GetValueOrDefault(metric) ?? MetricPlan.Unchanged;
}
