using System.Collections.Immutable;
using Ambient.Core;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Core.Workloads;

namespace Ambient.Waypoint.Upstreams.Clusters;

/// <summary>Where in a snapshot a cluster finds its service, endpoints and policy.</summary>
/// <param name="Service">Key of the service; empty when a workload itself was addressed.</param>
/// <param name="Workload">Uid of that workload, else empty.</param>
/// <param name="OwnNamespace">Of this proxy: its own policies for the service come first.</param>
internal sealed record ClusterPlace(string Service, string Workload, int Port, string OwnNamespace)
{
    private readonly string _ownPolicy = $"{Service}@{OwnNamespace}";

    public (MeshService? Service, ImmutableArray<Workload> Workloads) Of(MeshSnapshot snapshot)
    {
        if (Workload.Length == 0)
        {
            MeshService? service = snapshot.ServiceByKey(Service);
            return (service, service is null ? [] : snapshot.EndpointsOf(Service));
        }

        return snapshot.WorkloadByUid(Workload) is { } workload ? OfWorkload(workload) : (null, []);
    }

    public BackendPolicy? PolicyOf(MeshSnapshot snapshot) => Service.Length == 0
        ? null
        : snapshot.Find<BackendPolicy>(_ownPolicy) ?? snapshot.Find<BackendPolicy>(Service);

    // A workload that was addressed itself is a service of its own with one endpoint, that takes requests whatever its readiness: the
    // caller chose it.
    private (MeshService Service, ImmutableArray<Workload> Workloads) OfWorkload(Workload workload)
    {
        MeshService alone = new()
        {
            Name = workload.Name,
            Namespace = workload.Namespace,
            Hostname = "",
            Ports = [new ServicePort(Port, Port)],
            Balancing = new Balancing([], BalancingMode.Unspecified, AllowUnhealthy: true),
        };
        return (alone, [workload with { Services = workload.Services.SetItem(alone.Key, [new ServicePort(Port, Port)]), Capacity = 1 }]);
    }
}
