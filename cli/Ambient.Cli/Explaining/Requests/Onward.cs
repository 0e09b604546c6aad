using System.Net;
using System.Text.Json.Nodes;
using Ambient.Core;
using Ambient.Core.Identity;
using Ambient.Core.Routes;
using Ambient.Core.Workloads;
using Ambient.Policy;
using Ambient.Routing.Destinations;

namespace Ambient.Cli.Explaining.Requests;

/// <summary>
/// From the proxy that decided to one endpoint of each backend, whose own proxy has the last word. A service that is bound to another waypoint is
/// reached through that one, which looks into the request once more.
/// </summary>
/// <param name="caller">For whom a waypoint speaks; null at a gateway, which speaks for itself.</param>
internal sealed class Onward(RequestAnswer answer, ExplainedMesh mesh, RequestProxy proxy, Workload? caller)
{
    private const int MostWaypoints = 4;

    // Fixed, so that the same question has the same answer.
    private readonly EndpointPicker _picker = new(new Random(0));

    /// <summary>Null when at least one backend may be reached and nothing else answers.</summary>
    /// <param name="sent">The request as it goes to a backend; null for a connection that nobody looks into.</param>
    public RequestAnswer? To(IReadOnlyList<WeightedBackend> taken, BackendJson backends, Func<WeightedBackend, SentRequest?>? sent, string? serverName = null)
    {
        RequestAnswer? first = null;
        bool passed = false;
        for (int i = 0; i < taken.Count; i++)
        {
            WeightedBackend backend = taken[i];
            if (backend.Invalid is not null || backends.Usable(backend.Target) is not [var endpoint, ..] usable)
            {
                continue;
            }

            if (ThroughWaypoint(backend, sent?.Invoke(backend), serverName) is { } through)
            {
                Attach(through, i);
                bool alone = taken.Count == 1 && through.Outcome != "forward";
                first ??= alone || !through.IsPositive ? through : null;
                passed |= through.IsPositive && !alone;
                continue;
            }

            string? no = Leg(endpoint.Workload, BackendJson.AddressOf(endpoint), usable.Length, backend.Target);
            first ??= no is null ? null : new RequestAnswer(answer.Question).End("deny", 503, no);
            passed |= no is null;
        }

        if (passed || first is null)
        {
            answer.Also = first is null ? "" : $"; not all of its backends: {first.Json["reason"]}";
            return null;
        }

        answer.Json["redirect"] = first.Json["redirect"]?.DeepClone();
        answer.Json["responseHeaders"] = first.Json["responseHeaders"]?.DeepClone();
        return answer.End(first.Outcome, (int?)first.Json["status"], first.Json["reason"]!.ToString());
    }

    /// <summary>To one workload by its own address.</summary>
    public RequestAnswer? To(Workload endpoint, IPEndPoint address) =>
        Leg(endpoint, address, 1, null) is { } denied ? answer.End("deny", 503, denied) : null;

    /// <summary>To a service that another waypoint stands before: what that one does, with this proxy as its caller. Null for any other way.</summary>
    private RequestAnswer? ThroughWaypoint(WeightedBackend backend, SentRequest? sent, string? serverName)
    {
        BackendTarget target = backend.Target;
        if (proxy.Workload is not { Addresses: [var from, ..] } self || mesh.Mesh.ServiceByKey(target.Service) is not { Addresses: [var vip, ..], Waypoint: not null } service)
        {
            return null;
        }

        IPEndPoint address = new(vip.Address, target.Port);
        RequestAnswer next = new(answer.Question) { Depth = answer.Depth + 1 };
        switch (DestinationResolver.Resolve(mesh.Mesh, self, address, _picker))
        {
            case Resolution.Refused { Code: RefusalCodes.WaypointMissing } refused:
                return next.End("refuse", 503, $"{proxy.Name}: {refused.Reason}{(mesh.WhyNotReady(service) is { } because ? $"; {because}" : "")}");
            case Resolution.Tunnel { ViaWaypoint: true } when next.Depth > MostWaypoints:
                return next.End("refuse", null, $"{proxy.Name}: the request goes through waypoints in a circle");
            case Resolution.Tunnel { ViaWaypoint: true, Endpoint: { } waypoint } tunnel:
                NamespacedName gateway = ExplainedMesh.GatewayOf(waypoint);
                RequestProxy other = new($"waypoint {gateway}", gateway, waypoint);
                next.Add(new Hop(
                    proxy.Name, other.Name, Hop.Hbone, tunnel.GatewayAddress.ToString(), tunnel.Authority, self.Identity.ToString(), waypoint.Identity.ToString(), true,
                    $"service {service.Key} is bound to this waypoint, whose routes and policies decide further"));
                Caller here = new(proxy.Name, self, from);
                RequestAnswer said = sent is null
                    ? new StreamOutcome(next, mesh, other).Of(service, target.Port, here, serverName, "the connection is not looked into")
                    : new AtWaypoint(mesh).Explain(
                        next, answer.Question with { Headers = sent.Headers, Via = null, Sni = null },
                        new RequestTarget("http", RequestTarget.HostOf(sent.Authority), target.Port, sent.Authority, sent.Target),
                        here, new Target($"{target}", address, service, null), other);
                said.Also = "";
                return said.End(said.Outcome, (int?)said.Json["status"], $"{other.Name}: {said.Json["reason"]}{(target.Subset is { } subset ? $"; subset {subset} has no effect behind that waypoint, which chooses among all endpoints" : "")}");
            default:
                return null;
        }
    }

    /// <summary>What a further waypoint does stands with its backend, the way and the policies with those of the whole answer.</summary>
    private void Attach(RequestAnswer said, int backend)
    {
        foreach (string list in new[] { "hops", "policies" })
        {
            foreach (JsonNode? item in said.Json[list]!.AsArray())
            {
                answer.Json[list]!.AsArray().Add(item?.DeepClone());
            }

            said.Json.Remove(list);
        }

        answer.Json["backends"]![backend]!["waypoint"] = said.Json;
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

        // A proxy that chose an endpoint goes to it, whatever waypoint the endpoint itself is bound to.
        if (endpoint.TunnelProtocol != TunnelProtocol.Hbone)
        {
            answer.Add(new Hop(proxy.Name, name, Hop.Tcp, address.ToString(), null, null, null, true, $"{what}, the destination is not in the mesh"));
            return null;
        }

        IPEndPoint tunnel = new(address.Address, Core.ProxyPorts.Hbone);
        InboundDecision? decision = proxy.Workload is { Addresses: [var from, ..] } source
            ? InboundGate.Hbone(mesh.Mesh, endpoint, new PeerIdentity.Verified(source.Identity), new IPEndPoint(from, 0), tunnel, address.ToString(), caller?.Identity.ToString())
            : null;
        bool allowed = decision?.Allowed != false;
        answer.Add(new Hop(
            proxy.Name, Way.ProxyOf(endpoint), Hop.Hbone, tunnel.ToString(), address.ToString(),
            proxy.Workload?.Identity.ToString(), endpoint.Identity.ToString(), allowed, what));
        if (allowed)
        {
            answer.Add(new Hop(Way.ProxyOf(endpoint), name, Hop.Tcp, (decision?.Target ?? address).ToString(), null, null, null, true, "with the caller's own source address"));
            return null;
        }

        return $"{Way.ProxyOf(endpoint)}: {decision!.Reason}";
    }
}
