using System.Collections.Immutable;
using Ambient.Core.Addresses;
using Ambient.Core.Workloads;

namespace Ambient.Core;

/// <summary>Workloads by uid, by address and by the service they serve. Immutable; a change shares all that it does not touch.</summary>
internal sealed class WorkloadIndex
{
    public static WorkloadIndex Empty { get; } = new(
        ImmutableDictionary<string, Workload>.Empty,
        ImmutableDictionary<AddressKey, ImmutableArray<Workload>>.Empty,
        ImmutableDictionary<string, EndpointSet>.Empty);

    internal WorkloadIndex(
        ImmutableDictionary<string, Workload> byUid,
        ImmutableDictionary<AddressKey, ImmutableArray<Workload>> byAddress,
        ImmutableDictionary<string, EndpointSet> endpoints)
    {
        ByUid = byUid;
        ByAddress = byAddress;
        Endpoints = endpoints;
    }

    public ImmutableDictionary<string, Workload> ByUid { get; }

    /// <summary>Who claims an address, oldest claim first. Normally one.</summary>
    public ImmutableDictionary<AddressKey, ImmutableArray<Workload>> ByAddress { get; }

    /// <summary>By <see cref="Services.MeshService.Key"/>; also for services that have not arrived.</summary>
    public ImmutableDictionary<string, EndpointSet> Endpoints { get; }

    public WorkloadIndex Apply(MeshUpdate update)
    {
        if (update.Workloads.IsEmpty && update.RemovedWorkloads.IsEmpty && update.Services.IsEmpty)
        {
            return this;
        }

        WorkloadIndexEditor editor = new(this);
        foreach (string uid in update.RemovedWorkloads)
        {
            editor.Remove(uid);
        }

        foreach (Workload workload in update.Workloads)
        {
            editor.Put(workload);
        }

        foreach (Services.MeshService service in update.Services)
        {
            editor.Renew(service.Key);
        }

        return editor.ToIndex();
    }
}
