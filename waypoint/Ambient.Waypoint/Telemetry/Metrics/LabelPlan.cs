using System.Collections.Concurrent;
using System.Collections.Immutable;
using Ambient.Policy.Telemetry;
using Ambient.Policy.Telemetry.Expressions;

namespace Ambient.Waypoint.Telemetry.Metrics;

/// <summary>What an <see cref="EffectiveTelemetry"/> changes about labels, and the values that requests had for it.</summary>
internal sealed class LabelPlan
{
    /// <summary>Values come from requests: of one plan there are no more combinations than this, the rest count as one.</summary>
    private const int MostValues = 500;

    private readonly EffectiveTelemetry _telemetry;
    private readonly ImmutableArray<TelemetryExpression> _expressions;
    private readonly ConcurrentDictionary<PlanValues, PlanValues> _values = [];
    private readonly PlanValues _other;

    private LabelPlan(EffectiveTelemetry telemetry)
    {
        _telemetry = telemetry;
        _expressions = [.. IstioMetrics.Http.SelectMany(m => telemetry.PlanOf(m).Set.Values).Distinct()];
        _other = new PlanValues([.. _expressions.Select(static e => e.Constant ?? "other")]);
    }

    /// <summary>Null when nothing is changed.</summary>
    internal static LabelPlan? Of(EffectiveTelemetry telemetry) => telemetry.Metrics is null ? null : new LabelPlan(telemetry);

    internal MetricPlan For(string metric) => _telemetry.PlanOf(metric);

    /// <summary>Null when no label needs the request.</summary>
    internal PlanValues? ValuesOf(ITelemetryFacts facts)
    {
        if (_expressions.IsEmpty)
        {
            return null;
        }

        var values = new PlanValues([.. _expressions.Select(e => e.TextOf(facts) ?? "unknown")]);
        return _values.TryGetValue(values, out PlanValues? known) ? known : _values.Count >= MostValues ? _other : _values.GetOrAdd(values, values);
    }

    internal string ValueOf(TelemetryExpression expression, PlanValues? values) => values?.Texts[_expressions.IndexOf(expression)] ?? "unknown";
}
