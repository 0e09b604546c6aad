using System.Collections.Immutable;
using System.Net;
using Ambient.Compile.Index;
using Ambient.Compile.Sources;
using Ambient.Core.Services;
using Ambient.Core.Workloads;

namespace Ambient.Compile.Workloads;

/// <summary>Addresses of a slice managed by hand that are no pods → plaintext workloads.</summary>
internal static class SliceCompiler
{
    public static UnitOutput Compile(MeshIndex index, SliceSource slice)
    {
        if (ServiceMembership.SelectorLess(index, slice) is not { } service)
        {
            return UnitOutput.Nothing;
        }

        var services = ImmutableDictionary<string, ImmutableArray<ServicePort>>.Empty
            .Add(ServiceMembership.KeyOf(index, service), ServiceMembership.SlicePorts(service, slice.Ports));
        var workloads = slice.Endpoints.Where(static e => e.Pod.Length == 0)
            .SelectMany(e => e.Addresses.Select(a => Workload(index, slice, e, a, services)))
            .DistinctBy(static w => w.Uid);
        return new UnitOutput { Workloads = [.. workloads.Where(w => !index.Claims.IsOfWorkload(w.Addresses[0]))] };
    }

    private static Workload Workload(
        MeshIndex index,
        SliceSource slice,
        SliceEndpoint endpoint,
        IPAddress address,
        ImmutableDictionary<string, ImmutableArray<ServicePort>> services)
    {
        return new Workload
        {
            Uid = $"{index.Options.ClusterId}/discovery.k8s.io/EndpointSlice/{slice.Meta.Namespace}/{slice.Meta.Name}/{address}",
            Name = slice.Meta.Name,
            Namespace = slice.Meta.Namespace,
            Addresses = [address],
            Network = index.Options.Network,
            TrustDomain = index.Settings.TrustDomain,
            Node = endpoint.Node,
            CanonicalName = slice.Service,
            CanonicalRevision = "latest",
            WorkloadName = slice.Meta.Name,
            Services = services,
            Health = endpoint.Ready ? WorkloadHealth.Healthy : WorkloadHealth.Unhealthy,
            ClusterId = index.Options.ClusterId,
            Locality = new Locality("", endpoint.Zone, ""),
        };
    }
}
