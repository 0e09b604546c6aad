using System.Collections.Immutable;
using System.Net;
using Ambient.Core;
using Ambient.Core.Identity;
using Ambient.Core.Services;
using Ambient.Core.Workloads;

namespace Ambient.Policy.Inbound;

/// <summary>
/// Whom a peer speaks for. Its word counts only when its verified identity <em>and</em> its address are those of a current endpoint of a
/// waypoint that the destination is bound to: the workload itself, or a service that it serves on the port. From anybody else it is as if nothing had been
/// said, so that a stolen key, another waypoint, or one that was bound before can make nobody else appear.
/// </summary>
internal readonly record struct AssertedCaller(SpiffeId? Caller, string? Ignored)
{
    private const int MaxLength = 2048;

    /// <param name="port">That the application listens on.</param>
    /// <param name="header">Null when there was none.</param>
    public static AssertedCaller Of(MeshSnapshot snapshot, Workload local, PeerIdentity peer, IPAddress source, int port, string? header)
    {
        if (header is null)
        {
            return default;
        }

        if (peer.VerifiedId is not { } id)
        {
            return new AssertedCaller(null, "the peer has no verified identity");
        }

        if (!IsWaypointOf(snapshot, local, id, source, port))
        {
            return new AssertedCaller(null, $"{id} at {source} is no waypoint of {local.Uid} port {port}");
        }

        return header.Length <= MaxLength && SpiffeId.TryParse(header, out SpiffeId caller)
            ? new AssertedCaller(caller, null)
            : new AssertedCaller(null, "it is no SPIFFE id");
    }

    private static bool IsWaypointOf(MeshSnapshot snapshot, Workload local, SpiffeId id, IPAddress source, int port)
    {
        foreach (Workload claimant in snapshot.WorkloadsByAddress(new NetworkAddress(local.Network, source)))
        {
            if (AddressIdentity.IsIdentityOf(id, claimant, snapshot.Settings) && IsWaypointOf(snapshot, local, claimant, port))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsWaypointOf(MeshSnapshot snapshot, Workload local, Workload claimant, int port)
    {
        if (Waypoints.IsEndpointOf(snapshot, local.Waypoint, claimant))
        {
            return true;
        }

        foreach (var (key, ports) in local.Services)
        {
            if (snapshot.ServiceByKey(key) is { } service && Serves(service, ports, port) && IsWaypointOf(snapshot, service, claimant))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsWaypointOf(MeshSnapshot snapshot, MeshService service, Workload claimant)
    {
        if (Waypoints.IsEndpointOf(snapshot, service.Waypoint, claimant))
        {
            return true;
        }

        foreach (WeightedWaypoint weighted in service.WeightedWaypoints)
        {
            if (Waypoints.IsEndpointOf(snapshot, weighted.Destination, claimant))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Serves(MeshService service, ImmutableArray<ServicePort> ports, int port)
    {
        foreach (ServicePort served in ports)
        {
            if (ServicePorts.TargetOf(service, ports, served.Port) == port)
            {
                return true;
            }
        }

        return false;
    }
}
