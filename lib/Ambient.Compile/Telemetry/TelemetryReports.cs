using System.Collections.Immutable;
using Ambient.Compile.Authorization;
using Ambient.Compile.Index;
using Ambient.Compile.Reports;
using Ambient.Compile.Settings;
using Ambient.Compile.Sources;
using Ambient.Core.Telemetry;
using Ambient.Policy.Telemetry;

namespace Ambient.Compile.Telemetry;

/// <summary>What people are told about a Telemetry resource.</summary>
internal sealed class TelemetryReports
{
    private const string Stdout = "envoy";
    private const string Prometheus = "prometheus";

    private readonly MeshIndex _index;
    private readonly TelemetrySource _source;

    public TelemetryReports(MeshIndex index, TelemetrySource source)
    {
        _index = index;
        _source = source;
        var first = source.IsForNamespace
            ? index.Telemetries.In(source.Meta.Namespace).Values.Where(static t => t.IsForNamespace).Select(static t => t.Meta).Min(Comparer<SourceMeta>.Create(SourceMeta.ByAge))
            : null;
        Winner = first is null || first.Key == source.Meta.Key ? null : first;
    }

    /// <summary>The older one that speaks for the same namespace; null when this one counts.</summary>
    public SourceMeta? Winner { get; }

    private string Conflict => $"has no effect: the Telemetry {Winner!.Name} is older and speaks for the whole namespace too; put both into one";

    public StatusReport Status() => Winner is not null
        ? ResourceChecks.Report(_source.Meta, _source.Refusal, Consequence, Condition.False(Condition.Accepted, "Conflicted", Conflict))
        : ResourceChecks.Report(_source.Meta, _source.Refusal, Consequence,
            Condition.True(Condition.Accepted, "Accepted", "in force at waypoints and gateways; node proxies always count and log connections"));

    public ImmutableArray<Finding> Findings() =>
    [
        .. ResourceChecks.Findings(_source.Meta, _source.Refusal, _source.Notes),
        .. Winner is null ? [] : new[] { Warning(FindingCodes.TelemetryConflict, "", Conflict) },
        .. Targets(), .. Providers(), .. WithoutEffect(),
    ];

    private static string Consequence => "until then nothing is different for it";

    private IEnumerable<Finding> Targets() => _source.Targets.Where(t => !PolicyTargets.Exists(_index, t)).Select(t => Warning(
        FindingCodes.NotAttached, "spec.targetRefs", $"there is no {t.Kind[(t.Kind.LastIndexOf('/') + 1)..]} {t.Namespace}/{t.Name}, so it has no effect there; create it or correct the name"));

    private IEnumerable<Finding> Providers()
    {
        var declared = MeshCompilation.Telemetry(_index).Providers;
        foreach (string name in _source.Providers.Where(n => declared.All(p => p.Name != n)))
        {
            yield return Warning(FindingCodes.TracingProviderUnknown, "spec.tracing.providers",
                $"the Mesh resource declares no tracing provider '{name}'; declare it under spec.tracing.providers with the address of its OTLP receiver, until then no spans go to it");
        }

        if (_source.Spec?.Tracing is { Count: > 0 } && !_source.Providers.Any() && declared.All(static p => p.Name != TracingProvider.DefaultName))
        {
            yield return Warning(FindingCodes.TracingProviderUnknown, "spec.tracing",
                "names no provider and the Mesh resource has no spec.tracing.address, so no spans are sent; set it to the host:port of an OTLP receiver");
        }
    }

    private IEnumerable<Finding> WithoutEffect()
    {
        foreach (var (path, message) in Parts())
        {
            yield return Warning(FindingCodes.TelemetryWithoutEffect, path, message);
        }
    }

    private IEnumerable<(string Path, string Message)> Parts()
    {
        var spec = _source.Spec;
        for (int i = 0; i < (spec?.Tracing?.Count ?? 0); i++)
        {
            if (spec!.Tracing![i].UseRequestIdForTraceSampling is not null)
            {
                yield return ($"spec.tracing[{i}].useRequestIdForTraceSampling", "has no effect: the trace context decides");
            }

            if (spec.Tracing[i].EnableIstioTags == false)
            {
                yield return ($"spec.tracing[{i}].enableIstioTags", "has no effect: spans always name the workloads");
            }

            if (_source.Selector is not null)
            {
                yield return ($"spec.tracing[{i}]", "counts where the selector selects pods of a waypoint or gateway; for a service use targetRefs, since whether a request is traced is decided before an endpoint is chosen");
            }
        }

        for (int i = 0; i < (spec?.Metrics?.Count ?? 0); i++)
        {
            foreach (string name in (spec!.Metrics![i].Providers ?? []).Select(static p => p.Name ?? "").Where(static n => n != Prometheus))
            {
                yield return ($"spec.metrics[{i}].providers", $"'{name}' has no effect: numbers are scraped by Prometheus, whose provider is called '{Prometheus}'");
            }

            if (spec.Metrics[i].ReportingInterval is not null)
            {
                yield return ($"spec.metrics[{i}].reportingInterval", "has no effect: whoever scrapes decides how often");
            }

            for (int j = 0; j < (spec.Metrics[i].Overrides?.Count ?? 0); j++)
            {
                if (spec.Metrics[i].Overrides![j].Match?.Metric is { } metric && IstioMetrics.ConnectionWords.Contains(metric))
                {
                    yield return ($"spec.metrics[{i}].overrides[{j}].match.metric", $"{metric} has no effect: connections are counted the same way always");
                }
            }
        }

        for (int i = 0; i < (spec?.AccessLogging?.Count ?? 0); i++)
        {
            foreach (string name in (spec!.AccessLogging![i].Providers ?? []).Select(static p => p.Name ?? "").Where(static n => n != Stdout))
            {
                yield return ($"spec.accessLogging[{i}].providers", $"'{name}' has no effect: lines go to standard output, whose provider is called '{Stdout}'");
            }
        }
    }

    private Finding Warning(string code, string field, string message) =>
        new(code, FindingLevel.Warning, _source.Meta.Kind, _source.Meta.Namespace, _source.Meta.Name, field, message);
}
