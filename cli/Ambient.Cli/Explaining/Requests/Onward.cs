using System.Net;
using Ambient.Core.Identity;
using Ambient.Core.Routes;
using Ambient.Core.Workloads;
using Ambient.Policy;
using Ambient.Routing.Destinations;

namespace Ambient.Cli.Explaining.Requests;

/// <summary>The last leg: from the proxy that decided to one endpoint of each backend, whose own proxy has the last word.</summary>
internal sealed class Onward(RequestAnswer answer, ExplainedMesh mesh, RequestProxy proxy)
{
    // Fixed, so that the same question has the same answer.
    private readonly EndpointPicker _picker = new(new Random(0));

    /// <summary>Null when at least one backend may be reached.</summary>
    public RequestAnswer? To(IEnumerable<WeightedBackend> taken, BackendJson backends)
    {
        string? denied = null;
        bool passed = false;
        foreach (WeightedBackend backend in taken)
        {
            if (backend.Invalid is null && backends.Usable(backend.Target) is [var endpoint, ..])
            {
                string? no = Leg(endpoint.Workload, BackendJson.AddressOf(endpoint), backends.Usable(backend.Target).Length, backend.Target);
                denied ??= no;
                passed |= no is null;
            }
        }

        return passed || denied is null ? null : answer.End("deny", 503, denied);
    }

    /// <summary>To one workload by its own address.</summary>
    public RequestAnswer? To(Workload endpoint, IPEndPoint address) =>
        Leg(endpoint, address, 1, null) is { } denied ? answer.End("deny", 503, denied) : null;

    private string? Leg(Workload endpoint, IPEndPoint? address, int of, BackendTarget? target)
    {
        string name = Way.PodName(endpoint);
        string what = target is null ? "the workload itself" : $"{(of == 1 ? "the only endpoint" : $"one of {of} endpoints")} of {target}";
        if (address is null)
        {
            answer.Add(new Hop(proxy.Name, endpoint.Hostname, Hop.Tcp, $"{endpoint.Hostname}:{target?.Port}", null, null, null, true, $"{what}, resolved by name"));
            return null;
        }

        Resolution next = proxy.Workload is { } workload ? DestinationResolver.Resolve(mesh.Mesh, workload, address, _picker)
            : endpoint.TunnelProtocol == TunnelProtocol.Hbone ? new Resolution.Tunnel(endpoint, new IPEndPoint(address.Address, 15008), address.ToString(), [endpoint.Identity], null, false)
            : new Resolution.Direct(address, endpoint, null, "the destination is not in the mesh");
        if (next is not Resolution.Tunnel { ViaWaypoint: false } tunnel)
        {
            answer.Add(new Hop(proxy.Name, name, Hop.Tcp, address.ToString(), null, null, null, true, $"{what}, {(next as Resolution.Direct)?.Reason ?? "by another proxy"}"));
            return null;
        }

        InboundDecision? decision = proxy.Workload is { Addresses: [var from, ..] } source
            ? InboundGate.Hbone(mesh.Mesh, endpoint, new PeerIdentity.Verified(source.Identity), new IPEndPoint(from, 0), tunnel.GatewayAddress, tunnel.Authority)
            : null;
        bool allowed = decision?.Allowed != false;
        answer.Add(new Hop(
            proxy.Name, Way.ProxyOf(endpoint), Hop.Hbone, tunnel.GatewayAddress.ToString(), tunnel.Authority,
            proxy.Workload?.Identity.ToString(), endpoint.Identity.ToString(), allowed, what));
        if (allowed)
        {
            answer.Add(new Hop(Way.ProxyOf(endpoint), name, Hop.Tcp, (decision?.Target ?? address).ToString(), null, null, null, true, "with the caller's own source address"));
            return null;
        }

        return $"{Way.ProxyOf(endpoint)}: {decision!.Reason}";
    }
}
