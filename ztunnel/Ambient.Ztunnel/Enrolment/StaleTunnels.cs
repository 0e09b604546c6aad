using Ambient.Core;
using Ambient.Core.Workloads;
using Ambient.Hbone.Pool;

namespace Ambient.Ztunnel.Enrolment;

/// <summary>
/// Which pooled connections lead to somebody who has left: nobody at the address has one of the identities that were expected. An address
/// given to another pod must not be reached over the old pod's tunnel.
/// </summary>
internal static class StaleTunnels
{
    internal static bool Contains(MeshSnapshot snapshot, PodContext pod, PoolKey key)
    {
        string network = pod.LocalNow()?.Network ?? "";
        foreach (Workload workload in snapshot.WorkloadsByAddress(new NetworkAddress(network, key.Destination.Address)))
        {
            if (key.Expected.Contains(workload.Identity))
            {
                return false;
            }
        }

        return true;
    }
}
