using System.Collections.Immutable;
using Ambient.Compile.Reports;
using Ambient.Core;
using Ambient.Core.Gateways;
using Ambient.Core.Mesh;
using Ambient.Core.Policies;
using Ambient.Core.Policies.Providers;
using Ambient.Core.Policies.Requests;
using Ambient.Core.Policies.Tokens;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Core.Telemetry;
using Ambient.Core.Workloads;

namespace Ambient.Compile;

/// <summary>The whole mesh as compiled: every list sorted by key, so that equal inputs give equal results.</summary>
public sealed record CompileResult
{
    public ImmutableArray<Workload> Workloads { get; init; } = [];

    public ImmutableArray<MeshService> Services { get; init; } = [];

    public ImmutableArray<AuthorizationPolicy> Policies { get; init; } = [];

    /// <summary>All that waypoints and gateways get beside the above.</summary>
    public ImmutableArray<ProxyResource> Resources { get; init; } = [];

    /// <summary>Of <see cref="Resources"/>: what waypoints and gateways do with requests.</summary>
    public ImmutableArray<RouteTable> Tables => Of<RouteTable>();

    /// <summary>Of <see cref="Resources"/>.</summary>
    public ImmutableArray<BackendPolicy> BackendPolicies => Of<BackendPolicy>();

    /// <summary>Of <see cref="Resources"/>: AuthorizationPolicies as waypoints judge requests by them.</summary>
    public ImmutableArray<RequestPolicy> RequestPolicies => Of<RequestPolicy>();

    /// <summary>Of <see cref="Resources"/>.</summary>
    public ImmutableArray<TelemetryPolicy> Telemetries => Of<TelemetryPolicy>();

    /// <summary>Of <see cref="Resources"/>: one, or none where the Mesh says nothing about it.</summary>
    public ImmutableArray<MeshTelemetry> MeshTelemetry => Of<MeshTelemetry>();

    /// <summary>What the Mesh says of requests of which nothing else does; at most one.</summary>
    public ImmutableArray<MeshRequestDefaults> RequestDefaults => Of<MeshRequestDefaults>();

    /// <summary>Of <see cref="Resources"/>: what gateways listen to. Their certificates are left to those who may have the keys.</summary>
    public ImmutableArray<GatewayConfig> Gateways => Of<GatewayConfig>();

    /// <summary>Of <see cref="Resources"/>: RequestAuthentications.</summary>
    public ImmutableArray<TokenPolicy> TokenPolicies => Of<TokenPolicy>();

    /// <summary>Of <see cref="Resources"/>: who CUSTOM policies ask.</summary>
    public ImmutableArray<AuthorizationProvider> Providers => Of<AuthorizationProvider>();

    /// <summary>
    /// Istio Gateways by their own names, each as if it were alone on a gateway of its namespace: what they mean whether one runs that serves them
    /// or not. No proxy gets these.
    /// </summary>
    public ImmutableArray<GatewayConfig> DeclaredGateways { get; init; } = [];

    public ImmutableArray<NodeEnrolment> Enrolments { get; init; } = [];

    public MeshSettings Settings { get; init; } = new();

    public ImmutableArray<StatusReport> Status { get; init; } = [];

    public ImmutableArray<Finding> Findings { get; init; } = [];

    /// <summary>The same as one update for an empty store.</summary>
    public MeshUpdate ToUpdate() => new()
    {
        Workloads = Workloads,
        Services = Services,
        Policies = Policies,
        Enrolments = [.. Enrolments.Select(e => e.Enrolment)],
        Resources = Resources,
        Settings = Settings,
    };

    private ImmutableArray<T> Of<T>() where T : ProxyResource => [.. Resources.OfType<T>()];
}
