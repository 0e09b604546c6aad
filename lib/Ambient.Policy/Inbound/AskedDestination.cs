using System.Collections.Immutable;
using System.Net;
using Ambient.Core;
using Ambient.Core.Addresses;
using Ambient.Core.Services;
using Ambient.Core.Workloads;

namespace Ambient.Policy.Inbound;

/// <summary>
/// What a CONNECT authority means at a given workload: its own address, a service that it serves, or something that it is the
/// waypoint of. Anything else is refused, so that nobody reaches another pod through this one's proxy.
/// </summary>
internal readonly record struct AskedDestination(int Port, MeshService? Service, int Status, string? Refusal)
{
    public static AskedDestination Find(MeshSnapshot snapshot, Workload local, IPAddress acceptedOn, ConnectAuthority asked)
    {
        if (asked.Hostname is { } hostname)
        {
            return ByHostname(snapshot, local, hostname, asked.Port);
        }

        if (AddressBits.Of(asked.Address!) == AddressBits.Of(acceptedOn))
        {
            return new AskedDestination(asked.Port, null, 0, null);
        }

        NetworkAddress address = new(local.Network, asked.Address!);
        if (snapshot.WorkloadByAddress(address) is { } workload && snapshot.ServiceBefore(address, local.Namespace) is null)
        {
            return Waypoints.IsEndpointOf(snapshot, workload.Waypoint, local)
                ? new AskedDestination(asked.Port, null, 0, null)
                : Mismatch(asked, local);
        }

        return snapshot.ServiceByAddress(address, local.Namespace) is { } service && IsWaypointOf(snapshot, service, local)
            ? new AskedDestination(asked.Port, service, 0, null)
            : Mismatch(asked, local);
    }

    private static AskedDestination ByHostname(MeshSnapshot snapshot, Workload local, string hostname, int port)
    {
        ImmutableArray<MeshService> named = snapshot.ServicesByHostname(hostname);
        foreach (MeshService service in named)
        {
            if (local.Services.TryGetValue(service.Key, out ImmutableArray<ServicePort> ports))
            {
                return ServicePorts.TargetOf(service, ports, port) is { } target
                    ? new AskedDestination(target, service, 0, null)
                    : new AskedDestination(0, service, 503, $"{service.Key} has no port {port} at {local.Uid}");
            }
        }

        foreach (MeshService service in named)
        {
            if (IsWaypointOf(snapshot, service, local))
            {
                return new AskedDestination(port, service, 0, null);
            }
        }

        return new AskedDestination(0, null, 400, $"{local.Uid} neither serves {hostname} nor is its waypoint");
    }

    private static bool IsWaypointOf(MeshSnapshot snapshot, MeshService service, Workload local)
    {
        if (Waypoints.IsEndpointOf(snapshot, service.Waypoint, local))
        {
            return true;
        }

        foreach (WeightedWaypoint weighted in service.WeightedWaypoints)
        {
            if (Waypoints.IsEndpointOf(snapshot, weighted.Destination, local))
            {
                return true;
            }
        }

        return false;
    }

    private static AskedDestination Mismatch(ConnectAuthority asked, Workload local) =>
        new(0, null, 400, $"{asked.Address}:{asked.Port} is not {local.Uid}, nor is {local.Uid} its waypoint");
}
