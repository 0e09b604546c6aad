using System.Text.Json.Nodes;
using Ambient.Compile.Authorization;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;
using Ambient.Policy.Telemetry;
using Ambient.Policy.Telemetry.Expressions;
using Ambient.Resources.Istio.Telemetry;

namespace Ambient.Compile.Telemetry;

/// <summary>Reads a Telemetry resource, or refuses it as a whole; a refused change leaves the last good version in force.</summary>
internal static class TelemetryReader
{
    public static TelemetrySource Read(JsonObject manifest, SourceMeta meta, TelemetrySource? old)
    {
        var (spec, refusal, notes) = ResourceChecks.Read<TelemetrySpec>(manifest["spec"], meta, old?.Spec is not null, s => Check(s, meta));
        return new TelemetrySource(meta, spec ?? old?.Spec, refusal, notes);
    }

    private static IEnumerable<Finding> Check(TelemetrySpec spec, SourceMeta meta) =>
        [.. Whom(spec, meta), .. Tracing(spec, meta), .. Metrics(spec, meta), .. AccessLogging(spec, meta)];

    private static IEnumerable<Finding> Whom(TelemetrySpec spec, SourceMeta meta)
    {
        if (spec.Selector is not null && spec.TargetRefs is { Count: > 0 })
        {
            yield return Error(meta, "spec.selector", "cannot stand together with targetRefs; it either selects workloads or is attached to objects");
        }

        foreach (var finding in SecurityChecks.Selector(spec.Selector, meta))
        {
            yield return finding;
        }

        for (int i = 0; i < (spec.TargetRefs?.Count ?? 0); i++)
        {
            var target = spec.TargetRefs![i];
            if (PolicyTargets.KeyOf(target, meta.Namespace) is null)
            {
                yield return Error(meta, $"spec.targetRefs[{i}].kind",
                    $"'{target.Group}/{target.Kind}' cannot be a target; use a Service (group \"\"), ServiceEntry (networking.istio.io), or Gateway or GatewayClass (gateway.networking.k8s.io)");
            }
            else if (target.Namespace is { Length: > 0 } other && other != meta.Namespace)
            {
                yield return Error(meta, $"spec.targetRefs[{i}].namespace", $"is {other}, but it can only be attached to objects of its own namespace {meta.Namespace}");
            }
        }
    }

    private static IEnumerable<Finding> Tracing(TelemetrySpec spec, SourceMeta meta)
    {
        for (int i = 0; i < (spec.Tracing?.Count ?? 0); i++)
        {
            foreach (var (name, tag) in spec.Tracing![i].CustomTags ?? new Dictionary<string, TelemetryCustomTag>())
            {
                string path = $"spec.tracing[{i}].customTags.{name}";
                int sources = new object?[] { tag.Literal, tag.Environment, tag.Header, tag.Formatter }.Count(static s => s is not null);
                if (sources != 1)
                {
                    yield return Error(meta, path, "must have one of literal, environment and header");
                }
                else if (tag.Formatter is not null)
                {
                    yield return Error(meta, path + ".formatter", "is not supported; use literal, environment or header");
                }
            }
        }
    }

    private static IEnumerable<Finding> Metrics(TelemetrySpec spec, SourceMeta meta)
    {
        for (int i = 0; i < (spec.Metrics?.Count ?? 0); i++)
        {
            for (int j = 0; j < (spec.Metrics![i].Overrides?.Count ?? 0); j++)
            {
                var change = spec.Metrics[i].Overrides![j];
                string path = $"spec.metrics[{i}].overrides[{j}]";
                if (change.Match is { Metric: { Length: > 0 }, CustomMetric: { Length: > 0 } })
                {
                    yield return Error(meta, path + ".match", "names a metric and a customMetric; leave one out");
                }

                if (change.Match?.CustomMetric is { Length: > 0 } custom && IstioMetrics.NameOf(custom) is null)
                {
                    yield return Error(meta, path + ".match.customMetric", $"there is no metric '{custom}'; there are {string.Join(", ", IstioMetrics.Http)}");
                }

                foreach (var (label, tag) in change.TagOverrides ?? new Dictionary<string, TelemetryTagOverride>())
                {
                    if (Tag(label, tag) is { } problem)
                    {
                        yield return Error(meta, $"{path}.tagOverrides.{label}", problem);
                    }
                }
            }
        }
    }

    private static string? Tag(string label, TelemetryTagOverride tag) =>
        !IsLabel(label) ? "is no name of a label: letters, digits and '_', not a digit first and not '__'"
        : tag.Operation == "REMOVE" ? tag.Value is { Length: > 0 } ? "has a value, but is removed" : null
        : tag.Value is not { Length: > 0 } value ? "needs a value, or operation REMOVE"
        : TelemetryExpression.TryParse(value, out _, out string? problem) ? null : problem;

    private static bool IsLabel(string name) =>
        name.Length is > 0 and <= 128 && !char.IsAsciiDigit(name[0]) && !name.StartsWith("__", StringComparison.Ordinal)
        && name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private static IEnumerable<Finding> AccessLogging(TelemetrySpec spec, SourceMeta meta)
    {
        for (int i = 0; i < (spec.AccessLogging?.Count ?? 0); i++)
        {
            if (spec.AccessLogging![i].Filter?.Expression is not { } text)
            {
                continue;
            }

            string path = $"spec.accessLogging[{i}].filter.expression";
            if (!TelemetryExpression.TryParse(text, out var expression, out string? problem))
            {
                yield return Error(meta, path, problem);
            }
            else if (!expression.IsCondition)
            {
                yield return Error(meta, path, "is a value, not a condition; compare it with something");
            }
        }
    }

    private static Finding Error(SourceMeta meta, string field, string message) => SecurityChecks.Error(meta, FindingCodes.InvalidField, field, message);
}
