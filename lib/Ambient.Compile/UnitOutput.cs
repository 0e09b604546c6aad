using System.Collections.Immutable;
using Ambient.Compile.Reports;
using Ambient.Core.Mesh;
using Ambient.Core.Policies;
using Ambient.Core.Services;
using Ambient.Core.Workloads;

namespace Ambient.Compile;

/// <summary>All that one object became.</summary>
internal sealed record UnitOutput
{
    public static UnitOutput Nothing { get; } = new();

    public ImmutableArray<Workload> Workloads { get; init; } = [];

    public ImmutableArray<MeshService> Services { get; init; } = [];

    public ImmutableArray<AuthorizationPolicy> Policies { get; init; } = [];

    /// <summary>For waypoints and gateways.</summary>
    public ImmutableArray<ProxyResource> Resources { get; init; } = [];

    public NodeEnrolment? Enrolment { get; init; }

    public StatusReport? Status { get; init; }

    public ImmutableArray<Finding> Findings { get; init; } = [];
}
