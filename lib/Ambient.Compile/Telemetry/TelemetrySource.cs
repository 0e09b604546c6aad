using System.Collections.Immutable;
using Ambient.Compile.Authorization;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;
using Ambient.Resources.Istio;
using Ambient.Resources.Istio.Telemetry;

namespace Ambient.Compile.Telemetry;

/// <summary>A Telemetry resource; the spec is null when there never was a good version: then it says nothing.</summary>
internal sealed record TelemetrySource(SourceMeta Meta, TelemetrySpec? Spec, Refusal? Refusal, ImmutableArray<Finding> Notes)
{
    public IReadOnlyList<PolicyTargetReference> References => Spec?.TargetRefs ?? [];

    public IReadOnlyDictionary<string, string>? Selector => Spec?.Selector?.MatchLabels is { Count: > 0 } labels ? labels : null;

    /// <summary>For a whole namespace, or the mesh: of those only the oldest counts.</summary>
    public bool IsForNamespace => Spec is not null && Selector is null && References.Count == 0;

    public IEnumerable<ObjectKey> Targets => References.Select(t => PolicyTargets.KeyOf(t, Meta.Namespace)).OfType<ObjectKey>().Distinct();

    public IEnumerable<string> Providers => (Spec?.Tracing ?? []).SelectMany(static t => t.Providers ?? []).Select(static p => p.Name ?? "").Distinct(StringComparer.Ordinal);
}
