using System.Globalization;
using Ambient.Compile.Reports;
using Ambient.Core;
using Ambient.Core.Gateways;
using Ambient.Core.Requests;
using Ambient.Core.Routes;
using Ambient.Routing.Canonicalising;
using Ambient.Routing.Gateways;
using Ambient.Routing.Matching;
using Ambient.Routing.Rewriting;

namespace Ambient.Compile.Tests.Conformance;

/// <summary>
/// A cluster as the Gateway API's conformance suite has it, compiled; asked by the very code that gateways run. Answers in one line: the backends by
/// name with their shares, a status, or a redirect's location.
/// </summary>
internal sealed class GatewayWorld
{
    /// <summary>Namespace of Gateways, routes and backends where a case says nothing else.</summary>
    public const string Infra = "gateway-conformance-infra";

    public static readonly NamespacedName Gateway = new(Infra, "gw");

    private readonly RouteIndex _routes;

    public GatewayWorld(params string[] yaml)
    {
        string infra = string.Join('\n', new[] { "v1", "v2", "v3" }.Select(v => Service($"infra-backend-{v}", Infra)));
        Result = MeshCompiler.Compile(CompileInput.Of(yaml.Prepend(infra).SelectMany(Mesh.Objects)));
        _routes = RouteIndex.Of(Result.Tables);
    }

    public CompileResult Result { get; }

    public static string Service(string name, string ns, int port = 8080) => $$"""
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: {{name}}, namespace: {{ns}} }
        spec: { selector: { app: {{name}} }, ports: [{ port: {{port}} }] }
        """;

    /// <param name="listeners">Flow-style list of listeners; <c>%all</c> stands for allowedRoutes of every namespace.</param>
    public static string GatewayOf(string listeners, string @class = "ambient") => $$"""
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: { name: gw, namespace: {{Infra}} }
        spec: { gatewayClassName: {{@class}}, listeners: [{{listeners.Replace("%all", "allowedRoutes: { namespaces: { from: All } }", StringComparison.Ordinal)}}] }
        """;

    /// <param name="rules">Flow-style list of rules; <c>%v1</c> stands for a backendRef of infra-backend-v1.</param>
    public static string Route(string rules, string name = "route", string hosts = "", string parents = "{ name: gw }", string kind = "HTTPRoute", string ns = Infra, string created = "2026-01-01T00:00:00Z")
    {
        foreach (string v in new[] { "v1", "v2", "v3" })
        {
            rules = rules.Replace($"%{v}", $"backendRefs: [{{ name: infra-backend-{v}, port: 8080 }}]", StringComparison.Ordinal);
        }

        return $$"""
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: {{kind}}
            metadata: { name: {{name}}, namespace: {{ns}}, creationTimestamp: "{{created}}" }
            spec: { parentRefs: [{{parents}}], hostnames: [{{hosts}}], rules: [{{rules}}] }
            """;
    }

    /// <summary>What a request gets.</summary>
    /// <param name="headers"><c>name: value</c>, several with a comma between.</param>
    /// <param name="sni">Server name of the connection's TLS; null: none.</param>
    public string Ask(string host, string target, string method = "GET", string headers = "", int port = 80, string? sni = null)
    {
        GatewayPort? at = Result.Gateways.Where(g => g.Name == Gateway).Select(g => GatewayPorts.Of(g).Find(port)).FirstOrDefault();
        GatewayListener? tls = sni is null ? null : at?.ForServerName(sni);
        if (at is null || (sni is not null && tls is null))
        {
            return "refused";
        }

        GatewayMatch match = at.ForHost(_routes, host.ToLowerInvariant(), tls);
        if (match.Outcome != GatewayOutcome.Found)
        {
            return match.Outcome == GatewayOutcome.Misdirected ? "421" : "404";
        }

        Assert.True(PathCanonicaliser.TryRead(target, PathNormalization.Base, out CanonicalTarget read, out _));
        RequestFacts facts = new()
        {
            Method = method,
            Scheme = tls is null ? "http" : "https",
            Authority = port is 80 or 443 ? host : string.Create(CultureInfo.InvariantCulture, $"{host}:{port}"),
            Path = read.Path,
            Query = read.Query,
            Headers = new Headers(headers),
            Port = port,
        };
        return match.Routes!.Match(facts) is { } matched ? Answer(matched, facts) : "404";
    }

    /// <summary>The same within the mesh: by the service that was addressed.</summary>
    public string AskMesh(string service, string path, string? client = null, string headers = "", string method = "GET", int port = 8080)
    {
        RouteMatcher? found = _routes.Mesh($"{service}.{Infra}.svc.cluster.local", port, client);
        RequestFacts facts = new() { Method = method, Authority = service, Path = path.Split('?')[0], Query = path.Contains('?', StringComparison.Ordinal) ? path.Split('?')[1] : "", Headers = new Headers(headers), Port = port, SourceNamespace = client };
        return found is null ? service : found.Match(facts) is { } matched ? Answer(matched, facts) : "404";
    }

    /// <summary>Where a connection goes, by TLS or TCP rules.</summary>
    public string Connect(int port, string? sni = null)
    {
        GatewayPort? at = Result.Gateways.Where(g => g.Name == Gateway).Select(g => GatewayPorts.Of(g).Find(port)).FirstOrDefault();
        GatewayListener? listener = at?.Kind == GatewayPortKind.Tls ? at.ForServerName(sni) : at?.Listeners[0];
        ConnectionSource source = new() { Destination = System.Net.IPAddress.Any, Port = port };
        RouteMatcher? table = listener is null ? null : at!.ForStream(_routes, listener, sni);
        return (table?.MatchTls(sni ?? "", source)?.Backends ?? table?.MatchTcp(source)?.Backends) is { } backends ? Shares(backends) : "refused";
    }

    public string Condition(string route, string type, int parent = 0)
    {
        var report = Assert.Single(Result.Status, s => s.Name == route && s.IsOfRoute);
        return report.Parents[parent].Conditions.Single(c => c.Type == type) is var c ? $"{c.Status} {c.Reason}" : "";
    }

    public ListenerReport Listener(string name) =>
        Assert.Single(Result.Status, s => s is { Kind: "Gateway", Name: "gw" }).Listeners.Single(l => l.Name == name);

    private static string Answer(MatchedRule matched, RequestFacts facts)
    {
        switch (matched.Rule.Action)
        {
            case RouteAction.Fail fail:
                return fail.Status.ToString(CultureInfo.InvariantCulture);
            case RouteAction.Redirect redirect:
                Assert.True(RedirectLocation.TryMake(redirect.To, matched.Match.Path, facts, out string? location, out _));
                return $"{redirect.To.Status} {location}";
            case RouteAction.Forward forward:
                string path = "";
                if (matched.Rule.Rewrite is { } rewrite)
                {
                    string? rewritten = facts.Path;
                    Assert.True(rewrite.Path is null || PathRewriter.TryRewrite(rewrite.Path, matched.Match.Path, facts.Path, out rewritten, out _));
                    path = $" {rewrite.Authority ?? facts.Authority}{rewritten}";
                }

                return Shares(forward.Backends) + path;
            default:
                return "?";
        }
    }

    private static string Shares(IReadOnlyCollection<WeightedBackend> backends) => backends.Count == 1
        ? One(backends.First())
        : string.Join(' ', backends.Select(b => string.Create(CultureInfo.InvariantCulture, $"{One(b)}={b.Weight}")));

    private static string One(WeightedBackend backend) => backend.Invalid is { } invalid
        ? invalid.Status.ToString(CultureInfo.InvariantCulture)
        : backend.Target.Name.Replace("infra-backend-", "", StringComparison.Ordinal);

    private sealed class Headers(string text) : IRequestHeaders
    {
        private readonly Dictionary<string, string> _all = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(h => h.Split(':', 2, StringSplitOptions.TrimEntries)).ToDictionary(h => h[0], h => h[1], StringComparer.OrdinalIgnoreCase);

        public string? ValueOf(string name) => _all.GetValueOrDefault(name);
    }
}
