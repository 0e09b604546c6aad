using System.Collections.Immutable;
using System.Net;
using Ambient.Core;
using Ambient.Cli.Explaining.Requests;
using Ambient.Core.Identity;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Policy;
using Ambient.Routing.Destinations;

namespace Ambient.Cli.Explaining;

/// <summary>
/// Follows one connection as the node proxies would: (1) is the caller captured; (2) where does its proxy send it
/// (<see cref="DestinationResolver"/>); (3) what does the proxy at the other end say (<see cref="InboundGate"/>). The same assemblies that
/// the proxies run decide; here they are only put into words.
/// </summary>
internal sealed class Explainer(ExplainedMesh explained)
{
    private readonly MeshSnapshot _mesh = explained.Mesh;
    private readonly Capture _capture = new(explained.Mesh);
    private readonly Places _places = new(explained.Mesh);

    private const int MostWaypoints = 4;

    // Fixed, so that the same question has the same answer when a service has several endpoints.
    private readonly EndpointPicker _picker = new(new Random(0));

    /// <param name="serverName">Of the TLS handshake, when the connection begins one.</param>
    public Explanation Explain(string from, string to, string? serverName = null)
    {
        Caller caller = _places.From(from);
        Target target = _places.To(to, caller);
        if (caller.Pod is null)
        {
            return Plaintext(new Way(caller, target, serverName), "the caller is outside the mesh");
        }

        return _capture.WhyNotOutbound(caller.Pod, target.Address) is { } why
            ? Plaintext(new Way(caller, target, serverName), why)
            : Captured(new Way(caller, target, serverName), caller.Pod);
    }

    private Explanation Captured(Way way, Workload source)
    {
        Resolution resolution = DestinationResolver.Resolve(_mesh, source, way.To.Address, _picker);
        way.Tcp(way.FromName, Way.ProxyOf(source), way.To.Address, "captured in the pod's own network namespace");
        return resolution switch
        {
            Resolution.Refused refused => way.End(Outcome.Refuse, 503, $"refused ({refused.Code}): {refused.Reason}", MutualTls.None("no connection is made")),
            Resolution.Direct direct => Direct(way, source, direct),
            Resolution.Named named => Named(way, source, named),
            Resolution.Tunnel tunnel => Tunnel(way, source, tunnel),
            _ => throw new InvalidOperationException($"unknown resolution {resolution}"),
        };
    }

    private static Explanation Named(Way way, Workload source, Resolution.Named named)
    {
        string reason = $"{named.Hostname} is outside the mesh, and resolved when it is called";
        way.Tcp(Way.ProxyOf(source), $"{named.Hostname}:{named.Port}", way.To.Address, reason);
        return way.Finish(Outcome.Passthrough, null, $"plain TCP: {reason}", MutualTls.None(reason));
    }

    private static Explanation Direct(Way way, Workload source, Resolution.Direct direct)
    {
        string to = direct.Endpoint is { } endpoint ? Way.PodName(endpoint) : way.To.Text;
        way.Tcp(Way.ProxyOf(source), to, direct.Address, direct.Reason);
        return way.Finish(Outcome.Passthrough, null, $"plain TCP: {direct.Reason}", MutualTls.None(direct.Reason));
    }

    private Explanation Tunnel(Way way, Workload source, Resolution.Tunnel tunnel)
    {
        Workload endpoint = tunnel.Endpoint!;
        MutualTls mtls = new(
            true, source.Identity.ToString(), endpoint.Identity.ToString(), [.. tunnel.Expected.Select(id => id.ToString())],
            tunnel.ViaWaypoint ? "the destination is bound to a waypoint" : "both pods are in the mesh");
        if (tunnel.ViaWaypoint)
        {
            way.Hbone(Way.ProxyOf(source), Way.WaypointName(endpoint), tunnel, source, "the destination is bound to this waypoint");
            return ThroughWaypoint(way, endpoint, tunnel, mtls, way.From);
        }

        way.Hbone(Way.ProxyOf(source), Way.ProxyOf(endpoint), tunnel, source, Note(tunnel));
        return Arrive(way, source, way.From.Address, tunnel, mtls, null);
    }

    /// <summary>What follows is what the waypoint does at L4: by its tcp and tls routes to an endpoint, whose own proxy judges it.</summary>
    private Explanation ThroughWaypoint(Way way, Workload waypoint, Resolution.Tunnel first, MutualTls mtls, Caller caller, int depth = 1)
    {
        string name = Way.WaypointName(waypoint);
        IPEndPoint asked = IPEndPoint.Parse(first.Authority);
        Resolution? next = null;
        if (first.Service is { } service)
        {
            StreamBackends routed = StreamBackends.Of(explained, service, asked.Port, caller, way.ServerName, new RequestProxy(name, ExplainedMesh.GatewayOf(waypoint), waypoint));
            way.Route ??= routed.Origin;
            way.Backends ??= routed.Json;
            if (routed.Refusal is { } refusal)
            {
                return way.End(Outcome.Refuse, 503, $"refused by {name}: {refusal}", mtls);
            }

            next = OfBackend(waypoint, routed);
        }

        // A waypoint that chose an endpoint goes to it, whatever waypoint the endpoint itself is bound to.
        next ??= first.Service is null && _mesh.WorkloadByAddress(new NetworkAddress(waypoint.Network, asked.Address)) is { } addressed
            ? Straight(addressed, asked, null)
            : DestinationResolver.Resolve(_mesh, waypoint, asked, _picker);
        if (next is Resolution.Tunnel { ViaWaypoint: true, Endpoint: { } other } further && depth < MostWaypoints)
        {
            way.Hbone(name, Way.WaypointName(other), further, waypoint, "the backend is bound to this waypoint");
            return ThroughWaypoint(way, other, further, mtls, new Caller(name, waypoint, waypoint.Addresses[0]), depth + 1);
        }

        if (next is Resolution.Tunnel { ViaWaypoint: false } tunnel)
        {
            way.Hbone(name, Way.ProxyOf(tunnel.Endpoint!), tunnel, waypoint, first.Service is null ? Note(tunnel) : Note(first));
            Explanation end = Arrive(way, waypoint, waypoint.Addresses[0], tunnel, mtls, caller.Pod);
            return end.Outcome == Outcome.Allow && LeavesPolicies(tunnel.Endpoint!)
                ? end with { Outcome = Outcome.Passthrough, Status = null, Reason = $"the node proxies let it pass; {name} decides by the policies that are left to it" }
                : end;
        }

        if (next is Resolution.Named named)
        {
            way.Tcp(name, $"{named.Hostname}:{named.Port}", way.To.Address, "resolved by the waypoint");
            return way.Finish(Outcome.Passthrough, null, $"{name} decides; after it plain TCP to {named.Hostname}, which it resolves", mtls);
        }

        if (next is Resolution.Direct direct)
        {
            way.Tcp(name, direct.Endpoint is { } endpoint ? Way.PodName(endpoint) : way.To.Text, direct.Address, direct.Reason);
            return way.Finish(Outcome.Passthrough, null, $"{name} decides; after it plain TCP: {direct.Reason}", mtls);
        }

        string why = next is Resolution.Refused refused ? $"({refused.Code}): {refused.Reason}" : "it goes through waypoints in a circle";
        return way.End(Outcome.Refuse, 503, $"refused by {name} {why}", mtls);
    }

    /// <summary>Null: by the service's own address.</summary>
    private Resolution? OfBackend(Workload waypoint, StreamBackends routed)
    {
        MeshService? service = _mesh.ServiceByKey(routed.To!.Service);
        if (service is { Waypoint: { } bound, Addresses: [var vip, ..] } && !Core.Workloads.Waypoints.IsEndpointOf(_mesh, bound, waypoint))
        {
            return DestinationResolver.Resolve(_mesh, waypoint, new IPEndPoint(vip.Address, routed.To!.Port), _picker);
        }

        return routed.Endpoint is { } planned && BackendJson.AddressOf(planned) is { } address ? Straight(planned.Workload, address, service) : null;
    }

    private static Resolution Straight(Workload endpoint, IPEndPoint address, MeshService? service) => endpoint.TunnelProtocol == TunnelProtocol.Hbone
        ? new Resolution.Tunnel(endpoint, new IPEndPoint(address.Address, Core.ProxyPorts.Hbone), address.ToString(), ExpectedIdentities.Of(endpoint, service), service, ViaWaypoint: false)
        : new Resolution.Direct(address, endpoint, service, "the destination is not in the mesh");

    // The generated policy stands at the workload when its ALLOW policies were left to its waypoint.
    private static bool LeavesPolicies(Workload endpoint) =>
        endpoint.AuthorizationPolicies.Any(key => key.Contains("/ambient_only_from_waypoint_", StringComparison.Ordinal));

    /// <param name="caller">For whom the client, being a waypoint, speaks.</param>
    private Explanation Arrive(Way way, Workload client, IPAddress from, Resolution.Tunnel tunnel, MutualTls mtls, Workload? caller)
    {
        PeerIdentity peer = new PeerIdentity.Verified(client.Identity);
        InboundDecision decision = InboundGate.Hbone(_mesh, tunnel.Endpoint!, peer, new IPEndPoint(from, 0), tunnel.GatewayAddress, tunnel.Authority, caller?.Identity.ToString());
        way.Policies = Verdicts(tunnel.Endpoint!, new ConnectionFacts(peer, from, IPEndPoint.Parse(tunnel.Authority)) { Caller = decision.Caller });
        return Decided(way, tunnel.Endpoint!, decision, mtls);
    }

    private string Note(Resolution.Tunnel tunnel) =>
        tunnel.Service is { } service ? $"service {service.Key}, {Endpoints(service)}" : "the pod's own address";

    private Explanation Plaintext(Way way, string why)
    {
        MutualTls none = MutualTls.None(why);
        (Workload? endpoint, IPEndPoint address, string? refusal) = PlainRoute.Find(_mesh, way.From, way.To, _picker);
        if (refusal is not null)
        {
            way.Tcp(way.FromName, way.To.Text, address, refusal);
            return way.Finish(Outcome.Passthrough, null, $"plain TCP, and {refusal}: the cluster's own service rules will not connect it", none, completed: false);
        }

        if (endpoint is null || _capture.WhyNotInbound(endpoint, address.Port) is { } uncaptured && uncaptured.Length > 0)
        {
            string to = endpoint is null ? way.To.Text : Way.PodName(endpoint);
            way.Tcp(way.FromName, to, address, why);
            string other = endpoint is null ? "nothing in the mesh has the destination's address" : _capture.WhyNotInbound(endpoint, address.Port)!;
            return way.Finish(Outcome.Passthrough, null, $"plain TCP: {why}; {other}", none);
        }

        way.Tcp(way.FromName, Way.ProxyOf(endpoint), address, $"plaintext, {why}");
        IPEndPoint remote = new(way.From.Address, 0);
        InboundDecision decision = InboundGate.Plaintext(_mesh, endpoint, remote, address);
        way.Policies = Verdicts(endpoint, new ConnectionFacts(PeerIdentity.Plaintext, way.From.Address, address));
        return Decided(way, endpoint, decision, none);
    }

    private static Explanation Decided(Way way, Workload endpoint, InboundDecision decision, MutualTls mtls)
    {
        if (!decision.Allowed)
        {
            Outcome no = decision.Policy is { Kind: DecisionKind.DeniedByPolicy or DecisionKind.DeniedWithoutMatch } ? Outcome.Deny : Outcome.Refuse;
            return way.End(no, decision.Status, decision.Reason, mtls);
        }

        way.Tcp(Way.ProxyOf(endpoint), Way.PodName(endpoint), decision.Target!, "with the caller's own source address");
        return way.Finish(Outcome.Allow, decision.Status, decision.Reason, mtls);
    }

    private ImmutableArray<PolicyVerdict> Verdicts(Workload endpoint, ConnectionFacts facts) => PolicySet.For(_mesh, endpoint).Explain(facts);

    private string Endpoints(MeshService service) =>
        _mesh.EndpointSetOf(service.Key).Count is var count && count == 1 ? "its only endpoint" : $"one of {count} endpoints";
}
