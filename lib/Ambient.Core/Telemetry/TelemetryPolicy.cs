using System.Collections.Immutable;
using Ambient.Core.Mesh;
using Ambient.Core.Policies.Requests;

namespace Ambient.Core.Telemetry;

/// <summary>
/// A Telemetry resource as it was written, for waypoints and gateways. What several say about one request is put together field by field:
/// the mesh's, then the namespace's, then those of gateways, services and workloads; see <c>TelemetryMerge</c>.
/// </summary>
public sealed record TelemetryPolicy : ProxyResource
{
    public override string Type => nameof(TelemetryPolicy);

    public override string Key => Name.ToString();

    public required NamespacedName Name { get; init; }

    /// <summary>When the resource was made, in milliseconds since 1970; among equals the oldest counts first, then the name.</summary>
    public long Created { get; init; }

    /// <summary>OR. The namespace of a target of kind Namespace is that of the proxy, not of the destination.</summary>
    public ImmutableArray<RequestPolicyTarget> Targets { get; init; } = [];

    /// <summary>Labels of proxies or of destinations, for <see cref="RequestPolicyTargetKind.Selected"/>; not empty there.</summary>
    public ImmutableSortedDictionary<string, string> Selector { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    public ImmutableArray<TracingRule> Tracing { get; init; } = [];

    public ImmutableArray<MetricRule> Metrics { get; init; } = [];

    public ImmutableArray<AccessLogRule> AccessLog { get; init; } = [];
}
