using System.Collections.Concurrent;
using Ambient.Core;
using Ambient.Core.Workloads;

namespace Ambient.Waypoint.Upstreams.Clusters;

/// <summary>
/// All clusters that requests went to. They are made when first asked for and dropped when their service is gone; their number is bounded by
/// what routes name and by what there is.
/// </summary>
internal sealed class ClusterSet(string ownNamespace, TimeProvider time, Random random)
{
    // Callers name the ports of workloads: beyond this nothing is remembered of them.
    private const int MostWorkloads = 10_000;

    private readonly ConcurrentDictionary<ClusterKey, Cluster> _services = new();
    private readonly ConcurrentDictionary<(string Uid, int Port), Cluster> _workloads = new();

    /// <summary>Those that know a snapshot; one that is being made for its first request is not among them yet.</summary>
    public IEnumerable<Cluster> All => _services.Values.Concat(_workloads.Values).Where(static c => c.IsKnown);

    public Cluster ForService(string service, int port, string? subset)
    {
        ClusterKey key = new(service, port, subset);
        return _services.TryGetValue(key, out Cluster? found)
            ? found
            : _services.GetOrAdd(key, static (k, set) => set.Make(k, new ClusterPlace(k.Service, "", k.Port, set.OwnNamespace)), this);
    }

    /// <summary>Of a workload that was addressed itself.</summary>
    public Cluster ForWorkload(string uid, int port) => _workloads.TryGetValue((uid, port), out Cluster? found)
        ? found
        : _workloads.Count >= MostWorkloads ? MakeForWorkload(uid, port)
        : _workloads.GetOrAdd((uid, port), static (k, set) => set.MakeForWorkload(k.Uid, k.Port), this);

    /// <summary>Every cluster learns of a snapshot, and those without a service go. Called when the mesh changes, by one thread.</summary>
    public void Follow(MeshSnapshot snapshot, Workload? self)
    {
        foreach ((ClusterKey key, Cluster cluster) in _services)
        {
            if (cluster.Follow(snapshot, self).Service is null)
            {
                _services.TryRemove(key, out _);
            }
        }

        foreach (((string Uid, int Port) key, Cluster cluster) in _workloads)
        {
            if (cluster.Follow(snapshot, self).Service is null)
            {
                _workloads.TryRemove(key, out _);
            }
        }
    }

    private string OwnNamespace => ownNamespace;

    private Cluster MakeForWorkload(string uid, int port) => Make(new ClusterKey(uid, port, null), new ClusterPlace("", uid, port, OwnNamespace));

    private Cluster Make(ClusterKey key, ClusterPlace place) => new(key, place, time, random);
}
