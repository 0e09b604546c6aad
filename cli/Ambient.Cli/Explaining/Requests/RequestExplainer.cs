using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Ambient.Core.Identity;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Policy.Requests;
using Ambient.Routing.Canonicalising;
using Ambient.Routing.Matching;
using Ambient.Routing.Rewriting;

namespace Ambient.Cli.Explaining.Requests;

/// <summary>
/// What would happen to one request: by the node proxies where no waypoint stands before the service, otherwise by the route, the policies and
/// the backends that its waypoint would decide by. The assemblies that the proxies run decide.
/// </summary>
internal sealed class RequestExplainer(ExplainedMesh mesh)
{
    private readonly Capture _capture = new(mesh.Mesh);
    private readonly Places _places = new(mesh.Mesh);
    private readonly Explainer _connections = new(mesh.Mesh);

    public RequestAnswer Explain(Question question)
    {
        RequestTarget url = RequestTarget.Parse(question.To);
        if (question.Via is not null)
        {
            throw CliException.Usage("--via is not answered yet", "--via", "this version compiles the routes of waypoints, not those of gateways", "ask without --via");
        }

        Caller caller = _places.From(question.From);
        string place = string.Create(CultureInfo.InvariantCulture, $"{url.Host}:{url.Port}");
        Target target = _places.To(place, caller);
        MeshService? service = target.Service ?? mesh.Mesh.ServiceByAddress(new NetworkAddress("", target.Address.Address), caller.Namespace);
        return caller.Pod is { } pod && _capture.WhyNotOutbound(pod, target.Address) is null && service is { Waypoint: not null }
            ? AtWaypoint(question, url, caller, pod, target, service)
            : Connection(question, place, service, url);
    }

    /// <summary>Nobody looks into the request: the answer is the connection's.</summary>
    private RequestAnswer Connection(Question question, string place, MeshService? service, RequestTarget url)
    {
        Explanation connection = _connections.Explain(question.From, place);
        JsonObject said = ExplanationJson.Of(connection);
        RequestAnswer answer = new();
        answer.Json["policies"] = said["policies"]!.DeepClone();
        answer.Json["hops"] = said["hops"]!.DeepClone();
        if (connection.Outcome is Outcome.Deny or Outcome.Refuse)
        {
            return answer.End(connection.Outcome == Outcome.Deny ? "deny" : "refuse", connection.Status, connection.Reason);
        }

        answer.Json["forwarded"] = Forwarded(url.Authority, url.PathAndQuery, RuleJson.Headers());
        answer.Json["responseHeaders"] = RuleJson.Headers();
        if (service is not null)
        {
            BackendTarget itself = new(service.Key, service.Namespace, service.Name, url.Port);
            JsonObject backend = new BackendJson(mesh, service.Namespace).Of(new WeightedBackend { Target = itself, Weight = 1 }, alone: true);
            backend["trafficPolicy"] = null; // a waypoint's to apply
            answer.Json["backends"] = new JsonArray(backend);
        }

        return answer.End("forward", null, $"no waypoint looks into the request: {connection.Reason}");
    }

    private RequestAnswer AtWaypoint(Question question, RequestTarget url, Caller caller, Workload pod, Target target, MeshService service)
    {
        RequestAnswer answer = new();
        var (gateway, problem) = mesh.WaypointOf(service);
        string waypoint = $"waypoint {gateway.Namespace}/{gateway.Name}";
        answer.Json["hops"] = new JsonArray(
            Hop($"{pod.Namespace}/{pod.Name}", Way.ProxyOf(pod), "tcp", target.Address.ToString(), "captured in the pod's own network namespace"),
            Hop(Way.ProxyOf(pod), waypoint, "hbone", target.Address.ToString(), problem ?? "the service is bound to this waypoint"));
        if (problem is not null)
        {
            return answer.End("refuse", 503, problem);
        }

        if (!service.Ports.Any(p => p.Port == url.Port))
        {
            return answer.End("refuse", 503, $"service {service.Key} has no port {url.Port}");
        }

        if (!PathCanonicaliser.TryRead(url.PathAndQuery, PathNormalization.Base, out CanonicalTarget canonical, out string? ambiguous))
        {
            return answer.End("refuse", 400, ambiguous);
        }

        RequestFacts facts = new()
        {
            Method = question.Method,
            Scheme = url.Scheme,
            Authority = url.Authority,
            Path = canonical.Path,
            Query = canonical.Query,
            Headers = new QuestionHeaders(question.Headers),
            Port = url.Port,
            SourceNamespace = pod.Namespace,
            SourceLabels = mesh.LabelsOf(pod),
        };
        return Routed(answer, facts, canonical, service, gateway, (caller, pod));
    }

    private RequestAnswer Routed(
        RequestAnswer answer, RequestFacts facts, CanonicalTarget canonical, MeshService service, Compile.Sources.ObjectKey gateway, (Caller Caller, Workload Pod) from)
    {
        RouteMatcher? matcher = mesh.Routes.Mesh(service.Hostname.ToLowerInvariant(), facts.Port, from.Pod.Namespace);
        if (matcher is { Table.Http.IsEmpty: true })
        {
            matcher = null; // only TCP and TLS rules: HTTP goes to the service itself
        }

        answer.Json["considered"] = new JsonArray([.. (matcher?.Explain(facts) ?? []).Where(c => RuleJson.Origin(c.Matched.Rule.Origin) is not null).Select(Considered)]);
        MatchedRule? matched = matcher?.Match(facts);
        if (matcher is not null && matched is null)
        {
            return answer.End("no-route", 404, $"no rule for {service.Hostname} takes the request");
        }

        HttpRule rule = matched?.Rule ?? Itself(service, facts.Port);
        answer.Json["route"] = RuleJson.Origin(rule.Origin);
        string reason = RuleJson.Origin(rule.Origin) is null ? "nobody wrote a route for it: the service's own endpoints" : $"{rule.Origin} takes it";
        BackendJson backends = new(mesh, gateway.Namespace);
        WeightedBackend[] taken = rule.Action is RouteAction.Forward f ? [.. f.Backends.Where(b => b.Weight > 0 || f.Backends.Length == 1)] : [];
        if (Denied(answer, facts, canonical, service, gateway, from, taken, backends) is { } denied)
        {
            return answer.End("deny", 403, denied);
        }

        answer.Json["fault"] = RuleJson.Fault(rule.Fault);
        answer.Json["cors"] = RuleJson.Cors(rule.Cors);
        answer.Json["rateLimits"] = new JsonArray([.. rule.RateLimits.Where(l => l.EnabledPercentage > 0 && l.EnforcedPercentage > 0).Select(RuleJson.Limit)]);
        answer.Json["responseHeaders"] = RuleJson.Headers([.. taken.Length == 1 ? [taken[0].ResponseHeaders] : Array.Empty<HeaderChange>(), rule.ResponseHeaders]);
        return rule.Action switch
        {
            RouteAction.Redirect redirect => Redirected(answer, redirect.To, matched!.Match.Path, facts, reason),
            RouteAction.Respond respond => answer.End("direct", respond.Status, reason),
            RouteAction.Fail fail => answer.End(fail.Status == 404 ? "no-route" : "refuse", fail.Status, fail.Reason),
            _ => Forward(answer, rule, matched?.Match.Path, facts, canonical, taken, backends, reason),
        };
    }

    private static RequestAnswer Redirected(RequestAnswer answer, RedirectTo to, PathMatch? path, RequestFacts facts, string reason)
    {
        if (!RedirectLocation.TryMake(to, path, facts, out string? location, out string? problem))
        {
            return answer.End("refuse", 400, problem);
        }

        answer.Json["redirect"] = new JsonObject { ["location"] = location, ["status"] = to.Status };
        return answer.End("redirect", to.Status, reason);
    }

    private static RequestAnswer Forward(
        RequestAnswer answer, HttpRule rule, PathMatch? path, RequestFacts facts, CanonicalTarget canonical, WeightedBackend[] taken, BackendJson backends, string reason)
    {
        UrlRewrite? rewrite = (taken.Length == 1 ? taken[0].Rewrite : null) ?? rule.Rewrite;
        string forwarded = canonical.Path;
        if (rewrite?.Path is { } change)
        {
            if (!PathRewriter.TryRewrite(change, path, canonical.Path, out string? rewritten, out string? problem))
            {
                return answer.End("refuse", 400, problem);
            }

            forwarded = rewritten;
        }

        answer.Json["backends"] = new JsonArray([.. taken.Select(b => backends.Of(b, taken.Length == 1))]);
        if (taken.All(b => b.Invalid is not null))
        {
            RouteAction.Fail? fail = taken.FirstOrDefault()?.Invalid;
            return answer.End("refuse", fail?.Status ?? 500, fail?.Reason ?? "the rule has no backends");
        }

        if (taken.All(b => b.Invalid is not null || backends.Endpoints(b.Target).All(e => e.Health != WorkloadHealth.Healthy)))
        {
            return answer.End("refuse", 503, $"{taken[0].Target} has no healthy endpoint");
        }

        answer.Json["forwarded"] = Forwarded(
            rewrite?.Authority ?? facts.Authority, forwarded + (canonical.HasQuery ? "?" + canonical.Query : ""),
            RuleJson.Headers([.. taken.Length == 1 ? [taken[0].RequestHeaders] : Array.Empty<HeaderChange>(), rule.RequestHeaders]));
        answer.Json["mirrors"] = new JsonArray([.. rule.Mirrors.Where(m => m.Percentage > 0).Select(m => new JsonObject
        {
            ["namespace"] = m.Target.Namespace,
            ["name"] = m.Target.Name,
            ["subset"] = m.Target.Subset,
            ["percentage"] = m.Percentage,
        })]);
        answer.Json["timeout"] = rule.Timeout is { } timeout ? TrafficPolicyJson.Duration(timeout) : null;
        answer.Json["perTryTimeout"] = rule.Retry?.PerTryTimeout is { } perTry ? TrafficPolicyJson.Duration(perTry) : null;
        answer.Json["retries"] = RuleJson.Retries(rule.Retry);
        return answer.End("forward", null, reason);
    }

    private string? Denied(
        RequestAnswer answer, RequestFacts facts, CanonicalTarget canonical, MeshService service, Compile.Sources.ObjectKey gateway,
        (Caller Caller, Workload Pod) from, WeightedBackend[] taken, BackendJson backends)
    {
        Workload? endpoint = taken.SelectMany(b => backends.Endpoints(b.Target)).FirstOrDefault();
        BackendTarget? to = taken.FirstOrDefault()?.Target;
        RequestPolicySet policies = RequestPolicies.For(mesh, service, $"{gateway.Namespace}/{gateway.Name}", endpoint);
        AuthorizationRequest request = new()
        {
            Peer = new PeerIdentity.Verified(from.Pod.Identity),
            SourceAddress = from.Caller.Address,
            Destination = (endpoint is not null && to is not null ? BackendJson.AddressOf(endpoint, to) : null) ?? new IPEndPoint(IPAddress.Any, facts.Port),
            Method = facts.Method,
            Authority = facts.Authority,
            Path = canonical.Path,
            LenientPath = canonical.LenientPath,
            Headers = facts.Headers,
        };
        answer.Json["policies"] = RequestPolicies.Json(policies.Explain(request));
        RequestDecision decision = policies.Decide(request);
        return decision.Allowed ? null : decision.Reason;
    }

    private static HttpRule Itself(MeshService service, int port) => new()
    {
        Origin = new RouteOrigin("Service", service.Namespace, service.Name, 0),
        Action = new RouteAction.Forward([new WeightedBackend { Target = new BackendTarget(service.Key, service.Namespace, service.Name, port) }]),
    };

    private static JsonNode Considered(ConsideredMatch considered) => new JsonObject
    {
        ["route"] = RuleJson.Origin(considered.Matched.Rule.Origin),
        ["match"] = considered.Matched.Match.Name.Length > 0 ? considered.Matched.Match.Name : null,
        ["matched"] = considered.Against is null,
        ["against"] = considered.Against,
    };

    private static JsonObject Forwarded(string host, string path, JsonObject headers) => new() { ["host"] = host, ["path"] = path, ["headers"] = headers };

    private static JsonObject Hop(string from, string to, string protocol, string address, string note) => new()
    {
        ["from"] = from,
        ["to"] = to,
        ["protocol"] = protocol,
        ["address"] = address,
        ["encrypted"] = protocol == "hbone",
        ["note"] = note,
    };
}
