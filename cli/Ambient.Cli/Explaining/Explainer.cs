using System.Collections.Immutable;
using System.Net;
using Ambient.Core;
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
internal sealed class Explainer(MeshSnapshot mesh)
{
    private readonly Capture _capture = new(mesh);
    private readonly Places _places = new(mesh);

    // Fixed, so that the same question has the same answer when a service has several endpoints.
    private readonly EndpointPicker _picker = new(new Random(0));

    public Explanation Explain(string from, string to)
    {
        Caller caller = _places.From(from);
        Target target = _places.To(to, caller);
        if (caller.Pod is null)
        {
            return Plaintext(new Way(caller, target), "the caller is outside the mesh");
        }

        return _capture.WhyNotOutbound(caller.Pod, target.Address) is { } why
            ? Plaintext(new Way(caller, target), why)
            : Captured(new Way(caller, target), caller.Pod);
    }

    private Explanation Captured(Way way, Workload source)
    {
        Resolution resolution = DestinationResolver.Resolve(mesh, source, way.To.Address, _picker);
        way.Add(way.FromName, Way.ProxyOf(source), Hop.Tcp, way.To.Address, null, "captured in the pod's own network namespace");
        return resolution switch
        {
            Resolution.Refused refused => way.End(Outcome.Refuse, 503, $"refused ({refused.Code}): {refused.Reason}", MutualTls.None("no connection is made")),
            Resolution.Direct direct => Direct(way, source, direct),
            Resolution.Tunnel tunnel => Tunnel(way, source, tunnel),
            _ => throw new InvalidOperationException($"unknown resolution {resolution}"),
        };
    }

    private static Explanation Direct(Way way, Workload source, Resolution.Direct direct)
    {
        string to = direct.Endpoint is { } endpoint ? Way.PodName(endpoint) : way.To.Text;
        way.Add(Way.ProxyOf(source), to, Hop.Tcp, direct.Address, null, direct.Reason);
        return way.Finish(Outcome.Passthrough, null, $"plain TCP: {direct.Reason}", MutualTls.None(direct.Reason));
    }

    private Explanation Tunnel(Way way, Workload source, Resolution.Tunnel tunnel)
    {
        Workload endpoint = tunnel.Endpoint!;
        MutualTls mtls = new(
            true, source.Identity.ToString(), endpoint.Identity.ToString(), [.. tunnel.Expected.Select(id => id.ToString())],
            "both pods are in the mesh");
        string note = tunnel.Service is { } service ? $"service {service.Key}, {Endpoints(service)}" : "the pod's own address";
        string at = tunnel.ViaWaypoint ? Way.PodName(endpoint) : Way.ProxyOf(endpoint);
        way.Add(Way.ProxyOf(source), at, Hop.Hbone, tunnel.GatewayAddress, tunnel.Authority, note);
        if (tunnel.ViaWaypoint)
        {
            return way.Finish(
                Outcome.Passthrough, null, $"the waypoint {Way.PodName(endpoint)} decides; explain does not follow a connection through it", mtls);
        }

        PeerIdentity peer = new PeerIdentity.Verified(source.Identity);
        IPEndPoint remote = new(way.From.Address, 0);
        InboundDecision decision = InboundGate.Hbone(mesh, endpoint, peer, remote, tunnel.GatewayAddress, tunnel.Authority);
        IPEndPoint real = IPEndPoint.Parse(tunnel.Authority);
        way.Policies = Verdicts(endpoint, new ConnectionFacts(peer, way.From.Address, real));
        return Decided(way, endpoint, decision, mtls);
    }

    private Explanation Plaintext(Way way, string why)
    {
        MutualTls none = MutualTls.None(why);
        (Workload? endpoint, IPEndPoint address, string? refusal) = PlainRoute.Find(mesh, way.From, way.To, _picker);
        if (refusal is not null)
        {
            way.Add(way.FromName, way.To.Text, Hop.Tcp, address, null, refusal);
            return way.Finish(Outcome.Passthrough, null, $"plain TCP, and {refusal}: the cluster's own service rules will not connect it", none, completed: false);
        }

        if (endpoint is null || _capture.WhyNotInbound(endpoint, address.Port) is { } uncaptured && uncaptured.Length > 0)
        {
            string to = endpoint is null ? way.To.Text : Way.PodName(endpoint);
            way.Add(way.FromName, to, Hop.Tcp, address, null, why);
            string other = endpoint is null ? "nothing in the mesh has the destination's address" : _capture.WhyNotInbound(endpoint, address.Port)!;
            return way.Finish(Outcome.Passthrough, null, $"plain TCP: {why}; {other}", none);
        }

        way.Add(way.FromName, Way.ProxyOf(endpoint), Hop.Tcp, address, null, $"plaintext, {why}");
        IPEndPoint remote = new(way.From.Address, 0);
        InboundDecision decision = InboundGate.Plaintext(mesh, endpoint, remote, address);
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

        way.Add(Way.ProxyOf(endpoint), Way.PodName(endpoint), Hop.Tcp, decision.Target!, null, "with the caller's own source address");
        return way.Finish(Outcome.Allow, decision.Status, decision.Reason, mtls);
    }

    private ImmutableArray<PolicyVerdict> Verdicts(Workload endpoint, ConnectionFacts facts) => PolicySet.For(mesh, endpoint).Explain(facts);

    private string Endpoints(MeshService service) =>
        mesh.EndpointSetOf(service.Key).Count is var count && count == 1 ? "its only endpoint" : $"one of {count} endpoints";
}
