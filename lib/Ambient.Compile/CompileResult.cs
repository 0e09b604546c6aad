using System.Collections.Immutable;
using Ambient.Compile.Reports;
using Ambient.Compile.RequestPolicies;
using Ambient.Core;
using Ambient.Core.Policies;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Core.Workloads;

namespace Ambient.Compile;

/// <summary>The whole mesh as compiled: every list sorted by key, so that equal inputs give equal results.</summary>
public sealed record CompileResult
{
    public ImmutableArray<Workload> Workloads { get; init; } = [];

    public ImmutableArray<MeshService> Services { get; init; } = [];

    public ImmutableArray<AuthorizationPolicy> Policies { get; init; } = [];

    /// <summary>What waypoints and gateways do with requests.</summary>
    public ImmutableArray<RouteTable> Tables { get; init; } = [];

    public ImmutableArray<BackendPolicy> BackendPolicies { get; init; } = [];

    /// <summary>AuthorizationPolicies as waypoints judge requests by them.</summary>
    public ImmutableArray<SelectedRequestPolicy> RequestPolicies { get; init; } = [];

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
        Settings = Settings,
    };
}
