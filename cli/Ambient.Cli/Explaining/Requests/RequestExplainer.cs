using System.Globalization;
using System.Text.Json.Nodes;
using Ambient.Core;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Routing.Destinations;

namespace Ambient.Cli.Explaining.Requests;

/// <summary>
/// What would happen to one request: at the gateway that it comes through, at the waypoint before its destination, or else, since nobody looks
/// into it, to its connection. The assemblies that the proxies run decide.
/// </summary>
internal sealed class RequestExplainer(ExplainedMesh mesh)
{
    private readonly Capture _capture = new(mesh.Mesh);
    private readonly Places _places = new(mesh.Mesh);
    private readonly Explainer _connections = new(mesh);
    private readonly AtWaypoint _waypoint = new(mesh);

    // Fixed, so that the same question has the same answer.
    private readonly EndpointPicker _picker = new(new Random(0));

    public RequestAnswer Explain(Question question)
    {
        if (question.Via is not null)
        {
            return new AtGateway(mesh, _places).Explain(question);
        }

        RequestTarget url = RequestTarget.Parse(question.To).Naming(question);
        Caller caller = _places.From(question.From);
        string place = string.Create(CultureInfo.InvariantCulture, $"{url.Host}:{url.Port}");
        Target target = _places.To(place, caller);
        return caller.Pod is { } pod && _capture.WhyNotOutbound(pod, target.Address) is null
            && DestinationResolver.Resolve(mesh.Mesh, pod, target.Address, _picker) is Resolution.Tunnel { ViaWaypoint: true } tunnel
            ? ThroughWaypoint(question, url, caller, pod, target, tunnel)
            : Connection(question, place, target, caller, url);
    }

    private RequestAnswer ThroughWaypoint(Question question, RequestTarget url, Caller caller, Workload pod, Target target, Resolution.Tunnel tunnel)
    {
        Workload waypoint = tunnel.Endpoint!;
        NamespacedName gateway = ExplainedMesh.GatewayOf(waypoint);
        RequestProxy proxy = new($"waypoint {gateway}", gateway, waypoint);
        RequestAnswer answer = new(question);
        answer.Add(new Hop(Way.PodName(pod), Way.ProxyOf(pod), Hop.Tcp, target.Address.ToString(), null, null, null, true, "captured in the pod's own network namespace"));
        answer.Add(new Hop(
            Way.ProxyOf(pod), proxy.Name, Hop.Hbone, tunnel.GatewayAddress.ToString(), tunnel.Authority, pod.Identity.ToString(), waypoint.Identity.ToString(), true,
            $"the {(tunnel.Service is null ? "workload" : "service")} is bound to this waypoint"));
        return _waypoint.Explain(answer, question, url, caller, target, proxy);
    }

    /// <summary>Nobody looks into the request: the answer is the connection's.</summary>
    private RequestAnswer Connection(Question question, string place, Target target, Caller caller, RequestTarget url)
    {
        Explanation connection = _connections.Explain(question.From, place, question.Sni);
        JsonObject said = ExplanationJson.Of(connection);
        RequestAnswer answer = new(question);
        answer.Json["policies"] = said["policies"]!.DeepClone();
        answer.Json["hops"] = said["hops"]!.DeepClone();
        MeshService? service = target.Pod is null ? target.Service ?? mesh.Mesh.ServiceByAddress(new NetworkAddress("", target.Address.Address), caller.Namespace) : null;
        if (connection.Outcome is Outcome.Deny or Outcome.Refuse)
        {
            string more = service is { Waypoint: not null } && mesh.WhyNotReady(service) is { } because ? $"; {because}" : "";
            return answer.End(connection.Outcome == Outcome.Deny ? "deny" : "refuse", connection.Status, connection.Reason + more);
        }

        answer.Json["considered"] = service is null ? new JsonArray()
            : Considered.Json(mesh, mesh.Routes.Mesh(service.Hostname.ToLowerInvariant(), url.Port, caller.Pod?.Namespace)?.Table, NotApplied(caller, service), service.Hostname);
        answer.Json["forwarded"] = RuleJson.Forwarded(url.Authority, url.PathAndQuery, new NetHeaders());
        if (service is not null)
        {
            BackendTarget itself = mesh.Itself(service, url.Port);
            JsonObject backend = new BackendJson(mesh, new RequestProxy("", new NamespacedName(service.Namespace, ""), caller.Pod)).Of(new WeightedBackend { Target = itself, Weight = 1 }, alone: true);
            backend["trafficPolicy"] = null; // a waypoint's to apply
            answer.Json["backends"] = new JsonArray(backend);
        }

        return answer.End("forward", null, $"{(service is null ? "no waypoint looks into the request" : NotApplied(caller, service))}: {connection.Reason}");
    }

    private static string NotApplied(Caller caller, MeshService service) => service.Waypoint is null
        ? $"service {service.Key} has no waypoint, so http routes do not apply"
        : $"{caller.Text} is not captured, so its request does not pass the waypoint and http routes do not apply";
}
