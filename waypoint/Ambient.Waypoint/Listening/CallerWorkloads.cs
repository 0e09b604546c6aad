using System.Net;
using Ambient.Core.Identity;
using Ambient.Core.Workloads;
using Ambient.Waypoint.Mesh;

namespace Ambient.Waypoint.Listening;

/// <summary>Which workload calls: the one at the source address, when its identity is the verified one.</summary>
internal static class CallerWorkloads
{
    internal static Workload? Find(WaypointState state, PeerIdentity peer, IPAddress address)
    {
        if (peer.VerifiedId is not { } id)
        {
            return null;
        }

        foreach (Workload claimant in state.Snapshot.WorkloadsByAddress(new NetworkAddress(state.Self?.Network ?? "", address)))
        {
            if (string.Equals(id.Namespace, claimant.Namespace, StringComparison.Ordinal) && string.Equals(id.ServiceAccount, claimant.ServiceAccount, StringComparison.Ordinal))
            {
                return claimant;
            }
        }

        return null;
    }
}
