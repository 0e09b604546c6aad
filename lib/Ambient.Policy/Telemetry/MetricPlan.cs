using System.Collections.Immutable;
using Ambient.Core.Telemetry;
using Ambient.Policy.Telemetry.Expressions;

namespace Ambient.Policy.Telemetry;

/// <summary>What is changed about the labels of one metric, or that it is off.</summary>
public sealed record MetricPlan
{
    public static MetricPlan Unchanged { get; } = new();

    public bool Disabled { get; init; }

    /// <summary>Labels that are left out.</summary>
    public ImmutableSortedSet<string> Removed { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Labels that are added or replaced.</summary>
    public ImmutableSortedDictionary<string, TelemetryExpression> Set { get; init; } =
        ImmutableSortedDictionary.Create<string, TelemetryExpression>(StringComparer.Ordinal);

    internal MetricPlan With(MetricRule rule)
    {
        MetricPlan plan = rule.Disabled is { } disabled ? this with { Disabled = disabled } : this;
        foreach ((string label, TagOverride tag) in rule.Tags)
        {
            // What the operator let through is understood; what a foreign one sends and is not, is left out.
            plan = tag.Remove ? plan with { Removed = plan.Removed.Add(label), Set = plan.Set.Remove(label) }
                : TelemetryExpression.TryParse(tag.Expression, out TelemetryExpression? value, out _)
                    ? plan with { Removed = plan.Removed.Remove(label), Set = plan.Set.SetItem(label, value) }
                    : plan;
        }

        return plan;
    }
}
