using System.Collections.Immutable;
using Ambient.Core.Mesh;
using Ambient.Core.Policies;
using Ambient.Core.Services;
using Ambient.Core.Workloads;

namespace Ambient.Core;

/// <summary>
/// A change of the mesh's state: resources that are new or replaced, and the keys of those that went. The first update after a
/// (re)connect of a discovery stream can be the whole state; it is applied like any other.
/// </summary>
public sealed record MeshUpdate
{
    public static MeshUpdate Empty { get; } = new();

    public ImmutableArray<Workload> Workloads { get; init; } = [];

    /// <summary>Keys: <see cref="Workload.Uid"/>.</summary>
    public ImmutableArray<string> RemovedWorkloads { get; init; } = [];

    public ImmutableArray<MeshService> Services { get; init; } = [];

    /// <summary>Keys: <see cref="MeshService.Key"/>.</summary>
    public ImmutableArray<string> RemovedServices { get; init; } = [];

    public ImmutableArray<AuthorizationPolicy> Policies { get; init; } = [];

    /// <summary>Keys: <see cref="AuthorizationPolicy.Key"/>.</summary>
    public ImmutableArray<string> RemovedPolicies { get; init; } = [];

    public ImmutableArray<PodEnrolment> Enrolments { get; init; } = [];

    /// <summary>Keys: <see cref="PodEnrolment.PodUid"/>.</summary>
    public ImmutableArray<string> RemovedEnrolments { get; init; } = [];

    /// <summary>Configuration of waypoints and gateways.</summary>
    public ImmutableArray<ProxyResource> Resources { get; init; } = [];

    public ImmutableArray<ResourceName> RemovedResources { get; init; } = [];

    /// <summary>Null when unchanged.</summary>
    public MeshSettings? Settings { get; init; }

    public bool IsEmpty =>
        Workloads.IsEmpty && RemovedWorkloads.IsEmpty && Services.IsEmpty && RemovedServices.IsEmpty && Policies.IsEmpty
        && RemovedPolicies.IsEmpty && Enrolments.IsEmpty && RemovedEnrolments.IsEmpty && Resources.IsEmpty
        && RemovedResources.IsEmpty && Settings is null;
}
