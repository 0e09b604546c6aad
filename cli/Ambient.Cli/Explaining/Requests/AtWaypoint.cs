using System.Net;
using System.Text.Json.Nodes;
using Ambient.Core.Identity;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Policy.Requests;
using Ambient.Routing.Canonicalising;
using Ambient.Routing.Matching;

namespace Ambient.Cli.Explaining.Requests;

/// <summary>What a waypoint does with a request: its route, the policies for the destination, then the rule.</summary>
internal sealed class AtWaypoint(ExplainedMesh mesh)
{
    public RequestAnswer Explain(RequestAnswer answer, Question question, RequestTarget url, Caller caller, Target target, RequestProxy proxy)
    {
        MeshService? service = target.Pod is null
            ? target.Service ?? mesh.Mesh.ServiceByAddress(new NetworkAddress("", target.Address.Address), caller.Namespace)
            : null;
        Workload? destination = service is null ? target.Pod ?? mesh.Mesh.WorkloadByAddress(new NetworkAddress("", target.Address.Address)) : null;
        ServicePort? port = service?.Ports.Where(p => p.Port == url.Port).Select(p => (ServicePort?)p).FirstOrDefault();
        if (service is not null && port is null)
        {
            return answer.End("refuse", 503, $"service {service.Key} has no port {url.Port}");
        }

        Asked Ask(CanonicalTarget canonical) => new(question, url, caller, Facts(question, url, caller, canonical), canonical, service, destination);
        if (service is not null && (url.Scheme == "https" || port is { } known && mesh.Defaults.ProtocolOf(known.Protocol, known.Port) == AppProtocol.Tcp))
        {
            return new StreamOutcome(answer, mesh, proxy).Of(
                service, url.Port, caller, url.Scheme == "https" ? (question.Sni ?? url.Host).ToLowerInvariant() : null,
                url.Scheme == "https" ? "the TLS of the application goes through unopened: http rules do not apply to it" : port is { Protocol: AppProtocol.Tcp } ? "the port is declared as TCP: http rules do not apply to it" : "the port is one of the Mesh's opaque ports: http rules do not apply to it");
        }

        return PathCanonicaliser.TryRead(url.PathAndQuery, mesh.Mesh.Settings.PathNormalization, out CanonicalTarget read, out string? ambiguous)
            ? Routed(answer, Ask(read), proxy)
            : answer.End("refuse", 400, ambiguous);
    }

    private static RequestFacts Facts(Question question, RequestTarget url, Caller caller, CanonicalTarget canonical) => new()
    {
        Method = question.Method,
        Scheme = url.Scheme,
        Authority = url.Authority,
        Path = canonical.Path,
        Query = canonical.Query,
        Headers = new QuestionHeaders(question, url, canonical),
        Port = url.Port,
        SourceNamespace = caller.Pod?.Namespace,
        SourceLabels = caller.Pod?.Labels,
    };

    private RequestAnswer Routed(RequestAnswer answer, Asked asked, RequestProxy proxy)
    {
        MeshService? service = asked.Service;
        RouteMatcher? matcher = service is null ? null : mesh.Routes.Mesh(service.Hostname.ToLowerInvariant(), asked.Facts.Port, asked.Facts.SourceNamespace);
        if (matcher is { Table.Http.IsEmpty: true })
        {
            matcher = null; // only TCP and TLS rules: HTTP goes to the service itself
        }

        answer.Json["considered"] = Considered.Json(mesh, matcher, asked.Facts, service?.Hostname);
        MatchedRule? matched = matcher?.Match(asked.Facts);
        HttpRule? rule = matched?.Rule ?? (matcher is not null ? null : service is not null ? Itself(service, asked.Facts.Port) : null);
        answer.Json["route"] = rule is null ? null : RuleJson.Origin(rule.Origin);
        if (rule is null && matcher is not null)
        {
            return answer.End("no-route", 404, $"no rule for {service!.Hostname} takes the request");
        }

        BackendJson backends = new(mesh, proxy);
        WeightedBackend[] taken = rule is null ? [] : [.. RuleOutcome.TakenOf(rule)];
        if (taken.Length > 0 && taken.All(b => b.Invalid is not null))
        {
            answer.Json["backends"] = new JsonArray([.. taken.Select(b => backends.Of(b, taken.Length == 1))]);
            return answer.End("refuse", taken[0].Invalid!.Status, taken[0].Invalid!.Reason);
        }

        RequestJudge.Verdict verdict = new RequestJudge(mesh, proxy).Decide(service, Places(asked, taken, backends), Request(asked), asked.Canonical.Query);
        answer.Json["policies"] = verdict.Policies;
        if (verdict.Status is { } denied)
        {
            return answer.End("deny", denied, verdict.Reason);
        }

        asked = asked with { Tokens = verdict.Tokens };
        Onward onward = new(answer, mesh, proxy, asked.Caller.Pod);
        if (rule is null)
        {
            return ToWorkload(answer, asked, onward);
        }

        string reason = RuleJson.Origin(rule.Origin) is null ? "nobody wrote a route for it: the service's own endpoints" : $"{rule.Origin} takes it";
        return new RuleOutcome(answer, asked, rule, matched?.Match.Path, backends, onward, mayAskForRetries: asked.Caller.Pod is not null).Of(reason + verdict.Reason);
    }

    private static RequestAnswer ToWorkload(RequestAnswer answer, Asked asked, Onward onward)
    {
        if (asked.Destination is not { Addresses: [var address, ..] } workload)
        {
            return answer.End("refuse", 503, "nothing in the mesh has the destination's address");
        }

        if (onward.To(workload, new IPEndPoint(address, asked.Url.Port)) is { } denied)
        {
            return denied;
        }

        answer.Json["forwarded"] = RuleJson.Forwarded(asked.Facts.Authority, asked.Canonical.Path + asked.Query, NetHeaders.OfTokens(asked.Tokens, asked.Facts.Headers));
        return answer.End("forward", null, "the workload itself was addressed, to which no routes apply");
    }

    private List<RequestJudge.Place> Places(Asked asked, WeightedBackend[] taken, BackendJson backends) => asked.Destination is { Addresses: [var address, ..] } workload
        ? [new RequestJudge.Place(null, workload, new IPEndPoint(address, asked.Url.Port))]
        : [.. taken.Where(b => b.Invalid is null).SelectMany(b => backends.Usable(b.Target)
            .Select(e => new RequestJudge.Place(mesh.Mesh.ServiceByKey(b.Target.Service), e.Workload, BackendJson.AddressOf(e))))];

    private static AuthorizationRequest Request(Asked asked) => new()
    {
        Peer = new PeerIdentity.Verified(asked.Caller.Pod!.Identity),
        SourceAddress = asked.Caller.Address,
        Destination = new IPEndPoint(IPAddress.Any, asked.Facts.Port),
        Method = asked.Facts.Method,
        Authority = asked.Facts.Authority,
        Path = asked.Canonical.Path,
        LenientPath = asked.Canonical.LenientPath,
        Headers = asked.Facts.Headers,
    };

    private HttpRule Itself(MeshService service, int port) => new()
    {
        Origin = new RouteOrigin("Service", service.Namespace, service.Name, 0),
        Action = new RouteAction.Forward([new WeightedBackend { Target = mesh.Itself(service, port) }]),
    };
}
