using System.Net;
using Ambient.Core;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Routing.Endpoints;

namespace Ambient.Routing.Destinations;

/// <summary>
/// The way to a waypoint: an endpoint of its service, or a workload's address. What the application asked for stays the
/// authority. A waypoint that is named and not there is a refusal: going around it would skip the policies that it enforces.
/// </summary>
internal static class WaypointRoute
{
    public static Resolution Resolve(
        MeshSnapshot snapshot, Workload source, GatewayAddress waypoint, IPEndPoint destination, MeshService? service, EndpointPicker picker)
    {
        if (Waypoints.ServiceOf(snapshot, waypoint) is { } gateway)
        {
            Candidates candidates = CandidatesOf(snapshot, source, gateway, waypoint.HbonePort);
            if (candidates.Endpoints.IsEmpty)
            {
                return Missing(waypoint, candidates.WhyNone!, service);
            }

            Candidate picked = picker.Pick(candidates);
            return picked.Workload.Addresses.IsEmpty
                ? Missing(waypoint, $"{picked.Workload.Uid} has no address", service)
                : Tunnel(picked.Workload, picked.TargetPort, gateway, destination, service);
        }

        if (waypoint.Address is { } address)
        {
            return snapshot.WorkloadByAddress(address) is { } workload && !workload.Addresses.IsEmpty
                ? Tunnel(workload, waypoint.HbonePort, null, destination, service)
                : Missing(waypoint, "nothing in the mesh has this address", service);
        }

        return Missing(waypoint, "there is no such service", service);
    }

    // A waypoint's service need not list the HBONE port: then it is the same port at every endpoint.
    private static Candidates CandidatesOf(MeshSnapshot snapshot, Workload source, MeshService gateway, int port)
    {
        Candidates listed = CandidateCache.For(snapshot, gateway, port, source);
        return listed.Code == RefusalCodes.NoSuchPort && gateway.Ports is [var any, ..]
            ? SamePort(CandidateCache.For(snapshot, gateway, any.Port, source), port)
            : listed;
    }

    private static Candidates SamePort(Candidates candidates, int port) =>
        new([.. candidates.Endpoints.Select(c => c with { TargetPort = port })], candidates.WhyNone, candidates.Code);

    private static Resolution.Tunnel Tunnel(
        Workload workload, int port, MeshService? gateway, IPEndPoint destination, MeshService? service) =>
        new(
            workload,
            new IPEndPoint(EndpointAddress.Of(workload, destination.AddressFamily), port),
            destination.ToString(),
            ExpectedIdentities.Of(workload, gateway),
            service,
            ViaWaypoint: true);

    private static Resolution.Refused Missing(GatewayAddress waypoint, string why, MeshService? service) =>
        new(RefusalCodes.WaypointMissing, $"waypoint {waypoint} is named but not ready: {why}", service);
}
