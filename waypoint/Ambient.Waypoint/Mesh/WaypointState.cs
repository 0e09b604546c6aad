using Ambient.Core;
using Ambient.Core.Gateways;
using Ambient.Core.Routes;
using Ambient.Core.Workloads;
using Ambient.Identity.Trust;
using Ambient.Routing.Gateways;
using Ambient.Routing.Matching;

namespace Ambient.Waypoint.Mesh;

/// <summary>
/// Everything that requests are decided by, of one moment: the mesh and what was compiled from it. Immutable; a request takes one and
/// keeps it to its end.
/// </summary>
internal sealed record WaypointState
{
    public static WaypointState Empty { get; } = new()
    {
        Snapshot = MeshSnapshot.Empty,
        Routes = RouteIndex.Empty,
        Trust = new TrustPolicy(MeshSnapshot.Empty.Settings.TrustDomain, MeshSnapshot.Empty.Settings.TrustDomainAliases),
    };

    public required MeshSnapshot Snapshot { get; init; }

    public required RouteIndex Routes { get; init; }

    /// <summary>The same object until settings change, so that TLS options cached by it stay.</summary>
    public required TrustPolicy Trust { get; init; }

    /// <summary>What the Mesh says of requests and connections of which nothing else does.</summary>
    public MeshRequestDefaults Defaults { get; init; } = MeshRequestDefaults.None;

    /// <summary>This process's own workload; null while discovery has not told of it.</summary>
    public Workload? Self { get; init; }

    /// <summary>What this process listens to as a gateway; null while discovery has not told of it.</summary>
    public GatewayPorts? Gateway { get; init; }

    /// <summary>The state of a newer mesh; what did not change is taken over as it is.</summary>
    public WaypointState Next(MeshSnapshot snapshot, string selfUid, NamespacedName gateway = default) => new()
    {
        Gateway = snapshot.Find<GatewayConfig>(gateway.ToString()) is { } config ? GatewayPorts.Of(config) : null,
        Snapshot = snapshot,
        Defaults = snapshot.Find<MeshRequestDefaults>(MeshRequestDefaults.TheKey) ?? MeshRequestDefaults.None,
        Routes = snapshot.VersionOf<RouteTable>() == Snapshot.VersionOf<RouteTable>() ? Routes : RouteIndex.Of(snapshot.All<RouteTable>()),
        Trust = ReferenceEquals(snapshot.Settings, Snapshot.Settings)
            ? Trust
            : new TrustPolicy(snapshot.Settings.TrustDomain, snapshot.Settings.TrustDomainAliases),
        Self = snapshot.WorkloadByUid(selfUid),
    };
}
