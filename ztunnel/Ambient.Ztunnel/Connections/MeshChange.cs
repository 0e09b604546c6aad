using System.Net;
using Ambient.Core;
using Ambient.Core.Services;
using Ambient.Core.Workloads;

namespace Ambient.Ztunnel.Connections;

/// <summary>An update in the form in which connections ask whether it concerns them.</summary>
internal sealed class MeshChange
{
    private readonly HashSet<string> _workloads;
    private readonly HashSet<string> _services;
    private readonly HashSet<IPAddress> _addresses;

    internal MeshChange(MeshUpdate update)
    {
        ConcernsEverybody = update.Settings is not null || !update.Policies.IsEmpty || !update.RemovedPolicies.IsEmpty
            || !update.Resources.IsEmpty || !update.RemovedResources.IsEmpty;
        _workloads = [.. update.RemovedWorkloads, .. update.Workloads.Select(w => w.Uid)];
        _services = [.. update.RemovedServices, .. update.Services.Select(s => s.Key)];
        _addresses = [.. update.Workloads.SelectMany(w => w.Addresses)];
    }

    /// <summary>Policies or settings: any connection may be decided otherwise now.</summary>
    internal bool ConcernsEverybody { get; }

    internal bool IsNothing => !ConcernsEverybody && _workloads.Count == 0 && _services.Count == 0;

    internal bool TouchesServices => _services.Count > 0;

    internal bool TouchesWorkload(Workload? workload) => workload is not null && _workloads.Contains(workload.Uid);

    internal bool TouchesService(MeshService? service) => service is not null && _services.Contains(service.Key);

    /// <summary>A workload has come to this address: whoever spoke from it may now contradict it.</summary>
    internal bool TouchesAddress(IPAddress address) => _addresses.Contains(address);
}
