using System.Collections.Concurrent;
using Ambient.Core;
using Ambient.Core.Mesh;
using Ambient.Core.Policies;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Discovery.Subscribing;

namespace Ambient.Discovery.Tests.Subscribing;

/// <summary>Holds what a client applied, and every update as it came.</summary>
internal sealed class RecordingSink : IMeshUpdateSink
{
    public ConcurrentDictionary<string, Workload> Workloads { get; } = new();

    public ConcurrentDictionary<string, MeshService> Services { get; } = new();

    public ConcurrentDictionary<string, AuthorizationPolicy> Policies { get; } = new();

    public ConcurrentDictionary<string, PodEnrolment> Enrolments { get; } = new();

    public ConcurrentDictionary<string, ProxyResource> Resources { get; } = new();

    public MeshSettings? Settings { get; private set; }

    public ConcurrentQueue<MeshUpdate> Updates { get; } = new();

    public ConcurrentQueue<string> SyncedTypes { get; } = new();

    public Func<MeshUpdate, IReadOnlyList<Rejection>> Judge { get; set; } = _ => [];

    public IReadOnlyList<Rejection> Apply(MeshUpdate update)
    {
        IReadOnlyList<Rejection> refused = Judge(update);
        var names = refused.Select(r => r.Name).ToHashSet();
        Put(Workloads, update.Workloads.Where(w => !names.Contains(w.Uid)), w => w.Uid, update.RemovedWorkloads);
        Put(Services, update.Services, s => s.Key, update.RemovedServices);
        Put(Policies, update.Policies, p => p.Key, update.RemovedPolicies);
        Put(Enrolments, update.Enrolments, e => e.PodUid, update.RemovedEnrolments);
        Put(Resources, update.Resources, r => r.ResourceName.ToString(), update.RemovedResources.Select(r => r.ToString()));
        Settings = update.Settings ?? Settings;
        Updates.Enqueue(update);
        return refused;
    }

    public void Synced(string typeUrl) => SyncedTypes.Enqueue(typeUrl);

    private static void Put<T>(ConcurrentDictionary<string, T> table, IEnumerable<T> items, Func<T, string> key, IEnumerable<string> removed)
    {
        foreach (T item in items)
        {
            table[key(item)] = item;
        }

        foreach (string name in removed)
        {
            table.TryRemove(name, out _);
        }
    }
}
