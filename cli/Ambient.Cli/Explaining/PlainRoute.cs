using System.Net;
using Ambient.Core;
using Ambient.Core.Workloads;
using Ambient.Routing.Destinations;

namespace Ambient.Cli.Explaining;

/// <summary>
/// Where a connection that no proxy captures arrives: at the address itself, or at an endpoint that the cluster's own service rules
/// choose. Waypoints do not count, since only proxies know of them.
/// </summary>
internal static class PlainRoute
{
    public static (Workload? Endpoint, IPEndPoint Address, string? Refusal) Find(
        MeshSnapshot mesh, Caller from, Target to, EndpointPicker picker)
    {
        NetworkAddress address = new("", to.Address.Address);
        if ((to.Pod ?? mesh.WorkloadByAddress(address)) is { } pod)
        {
            return (pod, to.Address, null);
        }

        if (mesh.ServiceByAddress(address, from.Namespace) is not { } service)
        {
            return (null, to.Address, null);
        }

        MeshSnapshot plain = mesh.With(new MeshUpdate { Services = [service with { Waypoint = null, WeightedWaypoints = [] }] });
        Workload source = from.Pod ?? new Workload { Uid = "outside", Name = "outside", Namespace = from.Namespace };
        return DestinationResolver.Resolve(plain, source, to.Address, picker) switch
        {
            Resolution.Tunnel tunnel => (tunnel.Endpoint, IPEndPoint.Parse(tunnel.Authority), null),
            Resolution.Direct direct => (direct.Endpoint, direct.Address, null),
            Resolution.Refused refused => (null, to.Address, refused.Reason),
            _ => (null, to.Address, null),
        };
    }
}
