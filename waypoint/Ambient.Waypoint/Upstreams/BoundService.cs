using System.Net;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Routing.Destinations;
using Ambient.Waypoint.Mesh;
using Ambient.Waypoint.Requests;

namespace Ambient.Waypoint.Upstreams;

/// <summary>
/// The way of a gateway to a service that has a waypoint: through it. Its policies are the waypoint's to enforce, and the endpoints' ztunnels take
/// connections from there alone.
/// </summary>
internal static class BoundService
{
    private static readonly EndpointPicker s_picker = new(Random.Shared);

    /// <summary>Without caller and protocol. When the waypoint is not there, a key that refuses and says so.</summary>
    internal static UpstreamKey KeyOf(WaypointState state, MeshService service, int port)
    {
        if (state.Self is not { } self || service.Addresses is not [var address, ..])
        {
            return Refused(service, port, "has a waypoint and no address by which that could be asked for it");
        }

        Resolution way = DestinationResolver.Resolve(state.Snapshot, self, new IPEndPoint(address.Address, port), s_picker);
        return UpstreamKeys.Of(way) ?? Refused(service, port, way is Resolution.Refused refused ? refused.Reason : "cannot be reached");
    }

    /// <summary>
    /// True at a gateway whose caller is the service's own waypoint: it has had its say, and sent what it lets out to this gateway. To ask it again
    /// would lead in a circle.
    /// </summary>
    internal static bool HasAsked(WaypointState state, MeshService service, RequestConnection connection) =>
        connection is { Listener.Length: > 0, CallerWorkload: { } caller }
        && (Waypoints.IsEndpointOf(state.Snapshot, service.Waypoint, caller)
            || service.WeightedWaypoints.Any(w => Waypoints.IsEndpointOf(state.Snapshot, w.Destination, caller)));

    private static UpstreamKey Refused(MeshService service, int port, string why) => new()
    {
        Authority = $"{service.Hostname}:{port}",
        Tls = new UpstreamTls { Mode = UpstreamTlsMode.Simple, Invalid = $"service {service.Key}: {why}" },
    };
}
