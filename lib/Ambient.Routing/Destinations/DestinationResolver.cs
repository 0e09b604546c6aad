using System.Net;
using Ambient.Core;
using Ambient.Core.Addresses;
using Ambient.Core.Egress;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Routing.Endpoints;

namespace Ambient.Routing.Destinations;

/// <summary>
/// Where an outbound connection of a captured workload goes (reference: hbone-and-ztunnel §4.1). A workload's own address is looked up
/// first, then services. What was addressed decides which waypoint counts: a service's for a service, a workload's for a workload.
/// </summary>
public static class DestinationResolver
{
    /// <param name="snapshot">The mesh at the moment of the connection.</param>
    /// <param name="source">The captured workload; known from its network namespace, never from an address.</param>
    /// <param name="destination">Where the application connected to.</param>
    /// <param name="picker">Chooses among equals.</param>
    public static Resolution Resolve(MeshSnapshot snapshot, Workload source, IPEndPoint destination, EndpointPicker picker)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(picker);
        destination = MappedAddresses.Unmap(destination);
        if (ProxyPorts.IsIllegalDestination(destination.Port) && IsSelf(source, destination.Address))
        {
            return new Resolution.Refused(RefusalCodes.Loop, $"port {destination.Port} belongs to the proxy itself", null);
        }

        NetworkAddress address = new(source.Network, destination.Address);
        EgressView view = EgressView.Of(snapshot, source);
        if (snapshot.WorkloadByAddress(address) is { } workload && snapshot.ServiceBefore(address, source.Namespace) is null)
        {
            return view.Against(workload, destination.Port) is { } hidden
                ? new Resolution.Refused(RefusalCodes.Hidden, hidden, null)
                : ToWorkload(snapshot, source, workload, destination, picker);
        }

        if (snapshot.ServiceByAddress(address, source.Namespace) is { } service)
        {
            return view.Against(service, destination.Port) is { } hidden
                ? new Resolution.Refused(RefusalCodes.Hidden, hidden, service)
                : ToService(snapshot, source, service, destination, picker);
        }

        return view.AgainstOthers is not { } closed
            ? new Resolution.Direct(destination, null, null, "nothing in the mesh has this address")
            : new Resolution.Refused(RefusalCodes.UnknownOutbound, $"nothing in the mesh has the address {destination.Address}, and {closed}", null);
    }

    private static Resolution ToWorkload(
        MeshSnapshot snapshot, Workload source, Workload workload, IPEndPoint destination, EndpointPicker picker) =>
        workload.Waypoint is { } waypoint && !Waypoints.IsEndpointOf(snapshot, waypoint, source)
            ? WaypointRoute.Resolve(snapshot, source, waypoint, destination, null, picker)
            : ToEndpoint(workload, destination, null);

    private static Resolution ToService(
        MeshSnapshot snapshot, Workload source, MeshService service, IPEndPoint destination, EndpointPicker picker)
    {
        if (WaypointOf(service, picker) is { } waypoint && !IsWaypointOf(snapshot, service, source))
        {
            Resolution way = WaypointRoute.Resolve(snapshot, source, waypoint, destination, service, picker);
            // A canary that is not ready gets nothing; the first waypoint enforces the same. Without that one nothing passes.
            return way is Resolution.Refused && service.Waypoint is { } first && first != waypoint
                ? WaypointRoute.Resolve(snapshot, source, first, destination, service, picker)
                : way;
        }

        if (service.Balancing.Mode == BalancingMode.Passthrough)
        {
            return new Resolution.Direct(destination, null, service, "the service asks for the address that was dialled");
        }

        Candidates candidates = CandidateCache.For(snapshot, service, destination.Port, source);
        if (candidates.Endpoints.IsEmpty)
        {
            return new Resolution.Refused(candidates.Code!, candidates.WhyNone!, service);
        }

        Candidate picked = picker.Pick(candidates);
        if (picked.Workload.Addresses.IsEmpty)
        {
            return new Resolution.Named(picked.Workload.Hostname, picked.TargetPort, picked.Workload, service);
        }

        return ToEndpoint(
            picked.Workload, new IPEndPoint(EndpointAddress.Of(picked.Workload, destination.AddressFamily), picked.TargetPort), service);
    }

    private static Resolution ToEndpoint(Workload endpoint, IPEndPoint target, MeshService? service) =>
        endpoint.TunnelProtocol == TunnelProtocol.Hbone
            ? new Resolution.Tunnel(
                endpoint,
                new IPEndPoint(target.Address, ProxyPorts.Hbone),
                target.ToString(),
                ExpectedIdentities.Of(endpoint, service),
                service,
                ViaWaypoint: false)
            : new Resolution.Direct(target, endpoint, service, "the destination is not in the mesh");

    private static GatewayAddress? WaypointOf(MeshService service, EndpointPicker picker) =>
        service.WeightedWaypoints.IsEmpty ? service.Waypoint : picker.PickWaypoint(service.WeightedWaypoints);

    // Whichever share a waypoint has: it would otherwise send what it got on to another one.
    private static bool IsWaypointOf(MeshSnapshot snapshot, MeshService service, Workload source)
    {
        foreach (WeightedWaypoint weighted in service.WeightedWaypoints)
        {
            if (Waypoints.IsEndpointOf(snapshot, weighted.Destination, source))
            {
                return true;
            }
        }

        return Waypoints.IsEndpointOf(snapshot, service.Waypoint, source);
    }

    private static bool IsSelf(Workload source, IPAddress address) =>
        IPAddress.IsLoopback(address) || source.Addresses.Contains(address);
}
