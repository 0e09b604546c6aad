using System.Collections.Immutable;
using Ambient.Compile.Index;
using Ambient.Compile.Sources;
using Ambient.Core;
using Ambient.Core.Policies.Requests;
using Ambient.Core.Telemetry;
using Ambient.Resources.Istio.Telemetry;

namespace Ambient.Compile.Telemetry;

/// <summary>Telemetry → what waypoints and gateways record, and its status.</summary>
internal static class TelemetryCompiler
{
    public static UnitOutput Compile(MeshIndex index, TelemetrySource source)
    {
        var reports = new TelemetryReports(index, source);
        return new UnitOutput
        {
            Resources = source.Spec is null || reports.Winner is not null ? [] : [Policy(index, source, source.Spec)],
            Status = reports.Status(),
            Findings = reports.Findings(),
        };
    }

    private static TelemetryPolicy Policy(MeshIndex index, TelemetrySource source, TelemetrySpec spec) => new()
    {
        Name = new NamespacedName(source.Meta.Namespace, source.Meta.Name),
        Created = source.Meta.Created == DateTimeOffset.MinValue ? 0 : source.Meta.Created.ToUnixTimeMilliseconds(),
        Targets = [.. Targets(index, source)],
        Selector = (source.Selector ?? new Dictionary<string, string>()).ToImmutableSortedDictionary(StringComparer.Ordinal),
        Tracing = [.. (spec.Tracing ?? []).Select(Tracing)],
        Metrics = [.. (spec.Metrics ?? []).SelectMany(static m => m.Overrides ?? []).Select(Metric)],
        AccessLog = [.. (spec.AccessLogging ?? []).Select(static l => new AccessLogRule { Mode = Mode(l.Match?.Mode), Disabled = l.Disabled, Filter = l.Filter?.Expression })],
    };

    private static IEnumerable<RequestPolicyTarget> Targets(MeshIndex index, TelemetrySource source)
    {
        string ns = source.Meta.Namespace;
        bool isRoot = index.Options.IsRoot(ns);
        return source.References.Count > 0 ? source.Targets.SelectMany(key => Target(index, key))
            : [source.Selector is not null ? new RequestPolicyTarget(RequestPolicyTargetKind.Selected, isRoot ? "" : ns)
                : isRoot ? new RequestPolicyTarget(RequestPolicyTargetKind.Mesh)
                : new RequestPolicyTarget(RequestPolicyTargetKind.Namespace, ns)];
    }

    private static IEnumerable<RequestPolicyTarget> Target(MeshIndex index, ObjectKey key) => key.Kind switch
    {
        KnownKinds.Service => [new(RequestPolicyTargetKind.Service, $"{key.Namespace}/{index.HostnameOf(key.Name, key.Namespace)}")],
        KnownKinds.ServiceEntry => (index.ServiceEntries.Find(key)?.Hosts ?? [])
            .Select(host => new RequestPolicyTarget(RequestPolicyTargetKind.Service, $"{key.Namespace}/{host}")),
        KnownKinds.GatewayClass => index.Gateways.All.Where(g => g.Class == key.Name)
            .OrderBy(static g => g.Meta.Key)
            .Select(static g => new RequestPolicyTarget(RequestPolicyTargetKind.Gateway, $"{g.Meta.Namespace}/{g.Meta.Name}")),
        _ => [new(RequestPolicyTargetKind.Gateway, $"{key.Namespace}/{key.Name}")],
    };

    private static TracingRule Tracing(TelemetryTracing t) => new()
    {
        Mode = Mode(t.Match?.Mode),
        Providers = [.. (t.Providers ?? []).Select(static p => p.Name ?? "")],
        SamplingPercentage = t.RandomSamplingPercentage,
        DisableSpanReporting = t.DisableSpanReporting,
        CustomTags = [.. (t.CustomTags ?? new Dictionary<string, TelemetryCustomTag>()).OrderBy(static c => c.Key, StringComparer.Ordinal).Select(static c => Tag(c.Key, c.Value))],
    };

    private static CustomTag Tag(string name, TelemetryCustomTag tag) =>
        tag.Literal is { } literal ? new CustomTag(name, CustomTagSource.Literal, literal.Value ?? "")
        : tag.Header is { } header ? new CustomTag(name, CustomTagSource.Header, (header.Name ?? "").ToLowerInvariant(), header.DefaultValue)
        : new CustomTag(name, CustomTagSource.Environment, tag.Environment?.Name ?? "", tag.Environment?.DefaultValue);

    private static MetricRule Metric(TelemetryMetricOverride change) => new()
    {
        Metric = change.Match?.CustomMetric is { Length: > 0 } custom ? custom : change.Match?.Metric ?? MetricRule.AllMetrics,
        Mode = Mode(change.Match?.Mode),
        Disabled = change.Disabled,
        Tags = (change.TagOverrides ?? new Dictionary<string, TelemetryTagOverride>())
            .ToImmutableSortedDictionary(static t => t.Key, static t => new TagOverride(t.Value.Operation == "REMOVE", t.Value.Value ?? ""), StringComparer.Ordinal),
    };

    private static TelemetryMode Mode(string? written) => written switch
    {
        "CLIENT" => TelemetryMode.Client,
        "SERVER" => TelemetryMode.Server,
        _ => TelemetryMode.ClientAndServer,
    };
}
