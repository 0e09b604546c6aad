using System.Net;
using System.Text.Json.Nodes;
using Ambient.Core;
using Ambient.Core.Identity;
using Ambient.Core.Routes;
using Ambient.Core.Workloads;
using Ambient.Policy;
using Ambient.Policy.Requests;
using Ambient.Routing.Canonicalising;
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
                if (ThroughWaypoint(backend.Target, backends) is var (reached, refused))
                {
                    passed |= reached;
                    denied ??= refused;
                    continue;
                }

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

    /// <summary>From a gateway to a service that a waypoint stands before: through it, with the gateway as caller. Null for any other way.</summary>
    private (bool Reached, string? Refused)? ThroughWaypoint(BackendTarget target, BackendJson backends)
    {
        if (proxy.Workload is not { Addresses: [var from, ..] } self || mesh.Mesh.ServiceByKey(target.Service) is not { Addresses: [var vip, ..], Waypoint: not null } service)
        {
            return null;
        }

        switch (DestinationResolver.Resolve(mesh.Mesh, self, new IPEndPoint(vip.Address, target.Port), _picker))
        {
            case Resolution.Refused { Code: RefusalCodes.WaypointMissing } refused:
                return (false, $"{proxy.Name}: {refused.Reason}");
            case Resolution.Tunnel { ViaWaypoint: true, Endpoint: { } waypoint } tunnel:
                NamespacedName gateway = ExplainedMesh.GatewayOf(waypoint);
                RequestProxy next = new($"waypoint {gateway}", gateway, waypoint);
                answer.Add(new Hop(
                    proxy.Name, next.Name, Hop.Hbone, tunnel.GatewayAddress.ToString(), tunnel.Authority, self.Identity.ToString(), waypoint.Identity.ToString(), true,
                    $"service {service.Key} is bound to this waypoint, whose routes and policies decide further"));
                RequestJudge.Verdict verdict = new RequestJudge(mesh, next).Decide(
                    service,
                    [.. backends.Usable(target).Select(e => new RequestJudge.Place(service, e.Workload, BackendJson.AddressOf(e)))],
                    AtWaypoint(self, from, target.Port), "");
                foreach (JsonNode? policy in verdict.Policies)
                {
                    answer.Json["policies"]!.AsArray().Add(policy?.DeepClone());
                }

                return verdict.Status is not null ? (false, $"{next.Name}: {verdict.Reason}")
                    : new Onward(answer, mesh, next).Leg(backends.Usable(target)[0].Workload, BackendJson.AddressOf(backends.Usable(target)[0]), backends.Usable(target).Length, target) is { } no ? (false, no)
                    : (true, null);
            default:
                return null;
        }
    }

    // What the request is does not change on the way.
    private AuthorizationRequest AtWaypoint(Workload self, IPAddress from, int port)
    {
        Question question = answer.Question;
        RequestTarget? url = question.IsRequest ? RequestTarget.Parse(question.To) : null;
        return new AuthorizationRequest
        {
            Peer = new PeerIdentity.Verified(self.Identity),
            SourceAddress = from,
            Destination = new IPEndPoint(IPAddress.Any, port),
            IsStream = url is null || url.Scheme == "https" && answer.Json["route"]?["kind"]?.ToString() == "TLSRoute",
            Method = url is null ? "" : question.Method,
            Authority = url?.Authority ?? "",
            Path = url is not null && PathCanonicaliser.TryRead(url.PathAndQuery, mesh.Mesh.Settings.PathNormalization, out CanonicalTarget canonical, out _) ? canonical.Path : null,
            Headers = new QuestionHeaders(question.Headers),
        };
    }

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
