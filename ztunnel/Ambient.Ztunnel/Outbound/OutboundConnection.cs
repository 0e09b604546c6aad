using Ambient.Core;
using Ambient.Routing.Destinations;
using Ambient.Ztunnel.Connections;
using Ambient.Ztunnel.Enrolment;

namespace Ambient.Ztunnel.Outbound;

/// <summary>A connection that the pod's application opened.</summary>
internal sealed class OutboundConnection(PodContext pod) : TrackedConnection
{
    internal override Direction Direction => Direction.Outbound;

    /// <summary>
    /// An open connection ends when its destination has left the mesh's knowledge, or when nobody may go there any more. That an
    /// endpoint is not ready, or that a waypoint was added, only leads new connections elsewhere: the destination checks for itself.
    /// </summary>
    internal override string? Objection(MeshSnapshot snapshot)
    {
        if (Local is null || Destination is null)
        {
            return null;
        }

        if (Remote is { } remote && snapshot.WorkloadByUid(remote.Uid) is null)
        {
            return $"connection closed: {remote.Uid} has left the mesh";
        }

        return DestinationResolver.Resolve(snapshot, Local, Destination, pod.Node.Picker)
            is Resolution.Refused { Code: RefusalCodes.UnknownOutbound or RefusalCodes.Hidden or RefusalCodes.Loop } refused
            ? $"connection closed: {refused.Reason}"
            : null;
    }
}
