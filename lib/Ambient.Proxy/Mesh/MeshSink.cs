using Ambient.Core;
using Ambient.Core.Mesh;
using Ambient.Discovery;
using Ambient.Discovery.Subscribing;

namespace Ambient.Proxy.Mesh;

/// <summary>
/// From the discovery stream to the view. The first answer of a type is the whole state of it: what was only remembered
/// from disk and that the operator did not confirm is dropped then, and not before.
/// </summary>
/// <param name="view">Where it goes.</param>
/// <param name="remembered">What <see cref="MeshKeeper.Load"/> gave.</param>
/// <param name="types">That are followed: <see cref="TypeUrls.Ztunnel"/> or <see cref="TypeUrls.Waypoint"/>.</param>
internal sealed class MeshSink(MeshView view, MeshUpdate remembered, IReadOnlyCollection<string> types) : IMeshUpdateSink
{
    private readonly HashSet<string> _workloads = [.. remembered.Workloads.Select(w => w.Uid)];
    private readonly HashSet<string> _services = [.. remembered.Services.Select(s => s.Key)];
    private readonly HashSet<string> _policies = [.. remembered.Policies.Select(p => p.Key)];
    private readonly HashSet<string> _enrolments = [.. remembered.Enrolments.Select(e => e.PodUid)];
    private readonly HashSet<ResourceName> _resources = [.. remembered.Resources.Select(r => r.ResourceName)];
    private readonly HashSet<string> _synced = [];

    public IReadOnlyList<Rejection> Apply(MeshUpdate update)
    {
        _workloads.ExceptWith(update.Workloads.Select(w => w.Uid));
        _services.ExceptWith(update.Services.Select(s => s.Key));
        _policies.ExceptWith(update.Policies.Select(p => p.Key));
        _enrolments.ExceptWith(update.Enrolments.Select(e => e.PodUid));
        _resources.ExceptWith(update.Resources.Select(r => r.ResourceName));
        view.Apply(update);
        return [];
    }

    public void Synced(string typeUrl)
    {
        MeshUpdate unconfirmed = typeUrl switch
        {
            TypeUrls.Address => new MeshUpdate { RemovedWorkloads = [.. _workloads], RemovedServices = [.. _services] },
            TypeUrls.Authorization => new MeshUpdate { RemovedPolicies = [.. _policies] },
            TypeUrls.Enrolment => new MeshUpdate { RemovedEnrolments = [.. _enrolments] },
            TypeUrls.Resource or TypeUrls.Visibility => new MeshUpdate { RemovedResources = [.. _resources.Where(r => TypeUrls.Of(r.Type) == typeUrl)] },
            _ => MeshUpdate.Empty,
        };
        if (_synced.Add(typeUrl) && !unconfirmed.IsEmpty)
        {
            view.Apply(unconfirmed);
        }

        if (types.Where(IsDecidedBy).All(_synced.Contains))
        {
            view.MarkLive();
        }

        if (types.All(_synced.Contains))
        {
            view.MarkWhole();
        }
    }

    private static bool IsDecidedBy(string type) => type is TypeUrls.Address or TypeUrls.Authorization or TypeUrls.Resource or TypeUrls.Visibility;
}
