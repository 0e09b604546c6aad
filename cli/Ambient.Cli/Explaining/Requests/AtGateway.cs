using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Ambient.Core.Gateways;
using Ambient.Core.Identity;
using Ambient.Core.Routes;
using Ambient.Core.Workloads;
using Ambient.Policy.Requests;
using Ambient.Routing.Canonicalising;
using Ambient.Routing.Gateways;
using Ambient.Routing.Matching;

namespace Ambient.Cli.Explaining.Requests;

/// <summary>What a gateway of either API does with a request or connection that comes to it: its listener, then the listener's routes.</summary>
internal sealed class AtGateway(ExplainedMesh mesh, Places places)
{
    public RequestAnswer Explain(Question question)
    {
        GatewayConfig config = mesh.GatewayNamed(question.Via!);
        Workload? pod = mesh.PodOf(config);
        RequestProxy proxy = new($"gateway {config.Name}", config.Name, pod);
        Caller caller = places.From(question.From);
        question = question with { Headers = [.. question.Headers.Where(static h => IsTaken(h.Key))] };
        RequestTarget url = question.IsRequest ? RequestTarget.Parse(question.To).Naming(question) : RequestTarget.OfConnection(question.To);
        RequestAnswer answer = new(question);
        GatewayPorts ports = GatewayPorts.Of(config);
        GatewayPort? port = ports.Find(url.Port) ?? (url.HasPort ? null : Alone(ports, url.Scheme));
        if (port is null)
        {
            answer.Add(Arrival(caller, proxy, url.Port, "nothing listens there", completed: false));
            if (ports.FindDatagrams(url.Port) is not null)
            {
                return answer.End("refuse", null, $"port {url.Port} of Gateway {config.Name} takes UDP datagrams; explain answers for requests and connections");
            }

            return answer.End("refuse", null, $"Gateway {config.Name} has no listener on port {url.Port}; it listens on {string.Join(", ", ports.All.Select(p => p.Number).Order())}");
        }

        bool tls = url.Scheme == "https" || (!question.IsRequest && port.Kind == GatewayPortKind.Tls);
        string? serverName = tls ? (question.Sni ?? (IPAddress.TryParse(url.Host, out _) ? null : url.Host))?.ToLowerInvariant() : null;
        GatewayListener? listener = port.Kind == GatewayPortKind.Tls ? port.ForServerName(serverName) : null;
        answer.Add(Arrival(caller, proxy, port.Number, tls ? $"TLS for {serverName ?? "no server name"}" : "plaintext", completed: true));
        string? wrong = port.Kind switch
        {
            GatewayPortKind.Tls when !tls => $"port {port.Number} begins with TLS, and the request is sent without",
            GatewayPortKind.Tls when listener is null => $"no listener on port {port.Number} is for the server name {serverName ?? "(none)"}",
            GatewayPortKind.Tls when listener!.Invalid is { } invalid && !(mesh.IsOffline && invalid.Contains("Secret", StringComparison.Ordinal)) => $"listener {listener.Name} cannot be served: {invalid}",
            GatewayPortKind.Http when tls => $"port {port.Number} is for HTTP without TLS",
            GatewayPortKind.Http when !question.IsRequest => $"port {port.Number} is for HTTP: ask with a URL",
            GatewayPortKind.Hbone => $"port {port.Number} is for HBONE, which only proxies of the mesh speak",
            _ => null,
        };
        if (wrong is not null)
        {
            return answer.End("refuse", null, wrong);
        }

        return port.Kind == GatewayPortKind.Http || listener is { Protocol: ListenerProtocol.Https }
            ? Request(answer, question, url, caller, proxy, port, listener)
            : Stream(answer, caller, proxy, port, listener ?? port.Listeners[0], serverName);
    }

    private RequestAnswer Request(RequestAnswer answer, Question question, RequestTarget url, Caller caller, RequestProxy proxy, GatewayPort port, GatewayListener? connection)
    {
        if (!question.IsRequest)
        {
            return answer.End("refuse", null, $"listener {connection?.Name} is for HTTPS: ask with a URL");
        }

        if (!PathCanonicaliser.TryRead(url.PathAndQuery, mesh.Mesh.Settings.PathNormalization, out CanonicalTarget canonical, out string? ambiguous))
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
            Headers = new QuestionHeaders(question, url, canonical),
            Port = port.Number,
        };
        GatewayMatch found = port.ForHost(mesh.Routes, RequestTarget.HostOf(url.Authority).ToLowerInvariant(), connection);
        if (found.Routes is not { } matcher)
        {
            return NoRoutes(answer, found, url, facts);
        }

        answer.Json["considered"] = Considered.Json(mesh, matcher, facts, null);
        if (matcher.Match(facts) is not { } matched)
        {
            return answer.End("no-route", 404, $"no rule of listener {found.Listener!.Name} for {matcher.Table.Host} takes the request");
        }

        answer.Json["route"] = RuleJson.Origin(matched.Rule.Origin);
        BackendJson backends = new(mesh, proxy);
        RequestJudge.Verdict verdict = Judge(new AuthorizationRequest
        {
            Peer = PeerIdentity.Plaintext,
            SourceAddress = caller.Address,
            Destination = At(proxy, facts.Port),
            Method = facts.Method,
            Authority = facts.Authority,
            Path = canonical.Path,
            LenientPath = canonical.LenientPath,
            Headers = facts.Headers,
            ServerName = question.Sni,
        }, proxy, canonical.Query);
        answer.Json["policies"] = verdict.Policies;
        if (verdict.Status is { } denied)
        {
            return answer.End("deny", denied, verdict.Reason);
        }

        Asked asked = new(question, url, caller, facts, canonical, null, null) { Tokens = verdict.Tokens };
        return new RuleOutcome(answer, asked, matched.Rule, matched.Match.Path, backends, new Onward(answer, mesh, proxy, null), mayAskForRetries: false).Of($"{matched.Rule.Origin} takes it");
    }

    private static RequestAnswer NoRoutes(RequestAnswer answer, GatewayMatch found, RequestTarget url, RequestFacts facts)
    {
        if (found.Outcome != GatewayOutcome.HttpsRedirect)
        {
            return answer.End(found.Outcome == GatewayOutcome.Misdirected ? "refuse" : "no-route", found.Outcome == GatewayOutcome.Misdirected ? 421 : 404, found.Reason);
        }

        string target = facts.Path + (facts.Query.Length > 0 ? "?" + facts.Query : "");
        answer.Json["redirect"] = new System.Text.Json.Nodes.JsonObject { ["location"] = $"https://{RequestTarget.HostOf(url.Authority)}{target}", ["status"] = 301 };
        return answer.End("redirect", 301, found.Reason);
    }

    private RequestAnswer Stream(RequestAnswer answer, Caller caller, RequestProxy proxy, GatewayPort port, GatewayListener listener, string? serverName)
    {
        RequestJudge.Verdict verdict = Judge(new AuthorizationRequest
        {
            Peer = PeerIdentity.Plaintext,
            SourceAddress = caller.Address,
            Destination = At(proxy, port.Number),
            IsStream = true,
            Method = "",
            Authority = "",
            Path = null,
            ServerName = serverName,
        }, proxy, "");
        answer.Json["policies"] = verdict.Policies;
        if (verdict.Status is not null)
        {
            return answer.End("deny", null, verdict.Reason);
        }

        RouteMatcher? matcher = port.ForStream(mesh.Routes, listener, serverName);
        ConnectionSource source = new() { Destination = proxy.Workload?.Addresses is [var own, ..] ? own : IPAddress.Any, Port = port.Number };
        bool opened = listener.Protocol is ListenerProtocol.Tcp or ListenerProtocol.TlsTerminate;
        var (origin, all) = opened
            ? matcher?.MatchTcp(source) is { } tcp ? (tcp.Origin, tcp.Backends) : (null, [])
            : matcher?.MatchTls(serverName ?? "", source) is { } rule ? (rule.Origin, rule.Backends) : ((RouteOrigin?)null, ImmutableArray<WeightedBackend>.Empty);
        if (origin is null)
        {
            return listener.Protocol == ListenerProtocol.AutoPassthrough
                ? Spelled(answer, proxy, serverName)
                : answer.End("no-route", null, $"no route of listener {listener.Name} takes the connection{(serverName is null ? "" : $" for {serverName}")}");
        }

        answer.Json["route"] = RuleJson.Origin(origin);
        return Passed(answer, proxy, [.. all.Where(b => b.Weight > 0 || all.Length == 1)], $"{origin} takes the connection", opened, serverName);
    }

    /// <summary>The server name spells the service: <c>outbound_.PORT_.SUBSET_.HOST</c>.</summary>
    private RequestAnswer Spelled(RequestAnswer answer, RequestProxy proxy, string? serverName)
    {
        if (serverName?.Split("_.", 4) is not ["outbound", var number, var subset, var host]
            || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            || mesh.Mesh.ServiceByHostname(host, proxy.Namespace) is not { } service)
        {
            return answer.End("no-route", null, $"the server name {serverName ?? "(none)"} spells no service of this cluster");
        }

        return Passed(
            answer, proxy, [new WeightedBackend { Target = new BackendTarget(service.Key, service.Namespace, service.Name, port, subset.Length > 0 ? subset : null) }],
            "the server name spells the service",
            opened: false, serverName);
    }

    private RequestAnswer Passed(RequestAnswer answer, RequestProxy proxy, WeightedBackend[] taken, string reason, bool opened, string? serverName)
    {
        BackendJson backends = new(mesh, proxy);
        answer.Json["backends"] = new System.Text.Json.Nodes.JsonArray([.. taken.Select(b => backends.Of(b, taken.Length == 1))]);
        string?[] unsafely = [.. taken.Select(b => NoTls(b.Target, backends, opened))];
        return unsafely is [{ } why, ..] && unsafely.All(no => no is not null) ? answer.End("refuse", null, why)
            : taken.All(b => b.Invalid is not null) ? answer.End("refuse", null, taken.FirstOrDefault()?.Invalid?.Reason ?? "the rule has no backends")
            : taken.All(b => b.Invalid is not null || backends.Usable(b.Target).IsEmpty) ? answer.End("refuse", null, backends.WhyNone(taken.First(b => b.Invalid is null).Target))
            : new Onward(answer, mesh, proxy, null).To(taken, backends, null, opened ? null : serverName) ?? answer.End("forward", null, reason);
    }

    // As the gateway itself: it can begin no TLS around bytes, and what must not go in the clear is refused.
    private string? NoTls(BackendTarget target, BackendJson backends, bool opened) =>
        mesh.Mesh.ServiceByKey(target.Service) is not { Waypoint: null } || backends.PolicyOf(target).Tls is not { } tls ? null
        : tls.Invalid is { } invalid ? invalid
        : opened && tls.Mode is UpstreamTlsMode.Simple or UpstreamTlsMode.Mutual ? $"the policy of {target} begins TLS, which connections without HTTP do not get at a gateway"
        : null;

    /// <summary>Who may use the gateway; what stands behind is judged there, by the gateway's own identity.</summary>
    private RequestJudge.Verdict Judge(AuthorizationRequest request, RequestProxy proxy, string query) =>
        new RequestJudge(mesh, proxy).Decide(null, [new RequestJudge.Place(null, proxy.Workload, request.Destination)], request, query);

    /// <summary>What callers may not say to a gateway (docs/requests.md, "Arrival").</summary>
    private static bool IsTaken(string header) =>
        !header.StartsWith("x-envoy-", StringComparison.OrdinalIgnoreCase) && !header.StartsWith("ambient-", StringComparison.OrdinalIgnoreCase) && !header.Contains('_', StringComparison.Ordinal);

    private static IPEndPoint At(RequestProxy proxy, int port) => new(proxy.Workload?.Addresses is [var own, ..] ? own : IPAddress.Any, port);

    private static GatewayPort? Alone(GatewayPorts ports, string scheme) =>
        ports.All.Where(p => p.Kind == (scheme == "https" ? GatewayPortKind.Tls : GatewayPortKind.Http)).ToArray() is [var only] ? only : null;

    private static Hop Arrival(Caller caller, RequestProxy proxy, int port, string note, bool completed) => new(
        caller.Pod is { } pod ? Way.PodName(pod) : caller.Text, proxy.Name, Hop.Tcp,
        proxy.Workload?.Addresses is [var address, ..] ? new IPEndPoint(address, port).ToString() : string.Create(CultureInfo.InvariantCulture, $":{port}"),
        null, null, null, completed, note);
}
