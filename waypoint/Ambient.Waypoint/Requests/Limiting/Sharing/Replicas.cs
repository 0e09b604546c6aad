using System.Collections.Immutable;
using System.Net;
using Ambient.Core;
using Ambient.Core.Identity;
using Ambient.Core.Workloads;
using Ambient.Waypoint.Mesh;

namespace Ambient.Waypoint.Requests.Limiting.Sharing;

/// <summary>
/// The processes of one Gateway as discovery knows them: the endpoints of its own Service that have its identity. Which of them counts a bucket is
/// drawn by highest random weight, so that all agree without a word, and a replica that comes or goes moves only its share of the buckets.
/// </summary>
internal sealed class Replicas
{
    private readonly ImmutableArray<(IPAddress Address, UInt128 Weight, bool IsSelf)> _all;

    private Replicas(ImmutableArray<(IPAddress Address, UInt128 Weight, bool IsSelf)> all) => _all = all;

    /// <summary>At least this one.</summary>
    public int Count => Math.Max(1, _all.Length);

    /// <summary>Addresses of the others.</summary>
    public IEnumerable<IPAddress> Others => _all.Where(static r => !r.IsSelf).Select(static r => r.Address);

    public static Replicas Of(WaypointState state, NamespacedName gateway, SpiffeId identity)
    {
        if (state.Self is not { } self)
        {
            return new Replicas([]);
        }

        IEnumerable<Workload> others = Endpoints(state.Snapshot, self, gateway)
            .Where(w => w.Uid != self.Uid && w is { Health: WorkloadHealth.Healthy, Addresses.IsEmpty: false } && w.Identity == identity && w.Network == self.Network);
        return new Replicas(
        [
            .. others.Append(self).Where(static w => !w.Addresses.IsEmpty).Select(w => (w.Addresses[0], BucketId.Hash(w.Uid), ReferenceEquals(w, self))),
        ]);
    }

    /// <summary>The address of the replica that counts a bucket; null: this one.</summary>
    public IPAddress? OwnerOf(BucketId bucket)
    {
        (IPAddress? owner, ulong best) = (null, 0);
        foreach (var (address, weight, isSelf) in _all)
        {
            ulong score = Mix(bucket.Limit ^ bucket.Key ^ weight);
            if (score > best)
            {
                (owner, best) = (isSelf ? null : address, score);
            }
        }

        return owner;
    }

    private static ImmutableArray<Workload> Endpoints(MeshSnapshot snapshot, Workload self, NamespacedName gateway)
    {
        foreach (string key in self.Services.Keys)
        {
            if (snapshot.ServiceByKey(key) is { } service && service.Namespace == gateway.Namespace && service.Name == gateway.Name)
            {
                return snapshot.EndpointsOf(key);
            }
        }

        return [];
    }

    // The finisher of SplitMix64, over both halves.
    private static ulong Mix(UInt128 value)
    {
        ulong x = (ulong)value ^ (ulong)(value >> 64);
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
        x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
        return x ^ (x >> 31);
    }
}
