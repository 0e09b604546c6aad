using System.Text.Json.Nodes;
using Ambient.Compile.Reports;
using Ambient.Core.Routes;

namespace Ambient.Compile.Tests.Routes;

/// <summary>
/// Routing resources that cannot work: each is told of by code, field and reason, requests that they would have taken get an answer that says why, and
/// another service beside them is untouched.
/// </summary>
public sealed class BadRoutesTests
{
    private const string Shop = """
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: web, namespace: shop }
        spec: { clusterIP: 10.96.0.1, selector: { app: web }, ports: [{ name: http, port: 80 }] }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: other, namespace: shop }
        spec: { clusterIP: 10.96.0.2, selector: { app: other }, ports: [{ name: http, port: 80 }] }
        ---
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: { name: other, namespace: shop }
        spec: { hosts: [other], http: [{ timeout: 3s, route: [{ destination: { host: other } }] }] }

        """;

    private const string To = "route: [{ destination: { host: web } }]";

    /// <summary>What is written; code and field of the finding; a part of its message; what the first rule of web's table answers (0: there is no table, or it forwards).</summary>
    public static TheoryData<string, string, string, string, int> Rows => new()
    {
        { Vs("[{ route: [{ destination: { host: nobody } }] }]"), "AMB0505", "spec.http[0].route[0].destination", "there is no service nobody", 503 },
        { Vs("[{ route: [{ destination: { host: web, port: { number: 81 } } }] }]"), "AMB0505", "spec.http[0].route[0].destination", "has no port 81", 503 },
        { Vs("[{ route: [{ destination: { host: web, subset: x } }] }]"), "AMB0505", "spec.http[0].route[0].destination", "has no subset x", 503 },
        { Vs("[{ route: [{ destination: { host: web }, weight: 0 }, { destination: { host: other }, weight: 0 }] }]"), "AMB0101", "spec.http[0].route", "weights sum to 0", 0 },
        { Vs("[{ route: [{ destination: { host: web }, weight: -1 }, { destination: { host: other }, weight: 2 }] }]"), "AMB0101", "spec.http[0].route[0].weight", "", 0 },
        { Vs("[{ route: [{ destination: { host: web }, weight: 4294967295 }, { destination: { host: other }, weight: 4294967295 }] }]"), "AMB0101", "spec.http[0].route[0].weight", "", 0 },
        { Vs("[{ match: [{ uri: { regex: '(a' } }], " + To + " }]"), "AMB0101", "spec.http[0].match[0].uri.regex", "is not a regular expression", 0 },
        { Vs("[{ match: [{ uri: { regex: '(?=a)' } }], " + To + " }]"), "AMB0101", "spec.http[0].match[0].uri.regex", "lookahead", 0 },
        { Vs("[{ match: [{ headers: { x: { regex: '(a)\\1' } } }], " + To + " }]"), "AMB0101", "spec.http[0].match[0].headers.x.regex", "", 0 },
        { Vs("[{ match: [{ uri: { regex: '((((a{1000}){1000}){1000}){1000})' } }], " + To + " }]"), "AMB0101", "spec.http[0].match[0].uri.regex", "", 0 },
        { Vs("[{ rewrite: { uriRegexRewrite: { match: '[', rewrite: x } }, " + To + " }]"), "AMB0101", "spec.http[0].rewrite.uriRegexRewrite.match", "", 0 },
        { Vs("[{ redirect: { uri: /x }, " + To + " }]"), "AMB0101", "spec.http[0]", "exactly one of", 0 },
        { Vs("[{ timeout: soon, " + To + " }]"), "AMB0101", "spec.http[0].timeout", "", 0 },
        { Vs("[{ retries: { attempts: 3, retryOn: sometimes }, " + To + " }]"), "AMB0101", "spec.http[0].retries.retryOn", "is no reason to retry", 0 },
        { Vs("[{ fault: { abort: { percentage: { value: 101 }, httpStatus: 500 } }, " + To + " }]"), "AMB0101", "spec.http[0].fault.abort.percentage.value", "", 0 },
        { Vs("[{ delegate: { name: nowhere } }]"), "AMB0505", "spec.http[0].delegate", "there is no VirtualService shop/nowhere", 503 },
        { Vs("[{ delegate: { name: web } }]"), "AMB0505", "spec.http[0].delegate", "has hosts of its own", 503 },
        { Vs("[{ delegate: { name: a } }]") + Vs("[{ delegate: { name: b } }]", "a", "") + Vs("[{ delegate: { name: a } }]", "b", ""), "AMB0101", "spec.http[0].delegate", "one level", 503 },
        { Route("[{ backendRefs: [{ name: nobody, port: 80 }] }]"), "AMB0505", "spec.rules[0].backendRefs[0]", "", 500 },
        { Route("[{ backendRefs: [{ name: web, port: 80, weight: 0 }] }]"), "", "", "", 0 },
        { Route("[{ matches: [{ path: { type: RegularExpression, value: '(' } }], backendRefs: [{ name: web, port: 80 }] }]"), "AMB0101", "spec.rules[0].matches[0].path.value", "is not a regular expression", 0 },
        { Route("[{ matches: [{ path: { type: Exact, value: nothing } }], backendRefs: [{ name: web, port: 80 }] }]"), "AMB0101", "spec.rules[0].matches[0].path.value", "", 0 },
        { "---\napiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: { name: d, namespace: shop }\nspec: { host: web, trafficPolicy: { loadBalancer: { simple: BEST } } }\n", "AMB0101", "spec.trafficPolicy.loadBalancer.simple", "", 0 },
        { "---\napiVersion: linkerd.io/v1alpha2\nkind: ServiceProfile\nmetadata: { name: web.shop.svc.cluster.local, namespace: shop }\nspec: { routes: [{ name: a, condition: { pathRegex: '(' } }] }\n", "AMB0101", "spec.routes[0].condition.pathRegex", "", 0 },
        { "---\napiVersion: split.smi-spec.io/v1alpha4\nkind: TrafficSplit\nmetadata: { name: s, namespace: shop }\nspec: { service: web, backends: [{ service: nobody, weight: 1 }] }\n", "AMB0505", "spec.backends[0]", "", 503 },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Compile_RouteThatCannotWork_SaysSoAndDisturbsNothing(string yaml, string code, string field, string message, int status)
    {
        var result = Mesh.Compile(Shop + yaml);

        Assert.True(
            code.Length == 0 || result.Findings.Any(f => f.Code == code && f.Field.StartsWith(field, StringComparison.Ordinal) && f.Message.Contains(message, StringComparison.Ordinal)),
            string.Join("\n", result.Findings));
        Assert.Equal(TimeSpan.FromSeconds(3), Assert.Single(Assert.Single(result.Tables, t => t.Host.StartsWith("other.", StringComparison.Ordinal)).Http).Timeout);
        if (status > 0)
        {
            Assert.Equal(status, StatusOf(Assert.Single(result.Tables, t => t.Host.StartsWith("web.", StringComparison.Ordinal)).Http[0].Action));
        }
    }

    [Fact]
    public void Compile_RepairedAndBrokenAgain_KeepsTheLastGoodOne()
    {
        IncrementalCompiler compiler = new(CompileOptions.Default);
        Put(compiler, Shop + Vs($"[{{ timeout: 1s, {To} }}]"));
        Put(compiler, Vs("[{ match: [{ uri: { regex: '(' } }], " + To + " }]"));

        var result = compiler.Result();
        Assert.Equal(TimeSpan.FromSeconds(1), Assert.Single(Assert.Single(result.Tables, t => t.Host.StartsWith("web.", StringComparison.Ordinal)).Http).Timeout);
        Assert.Contains(result.Findings, f => f.Code == FindingCodes.LastGoodKept && f.Name == "web");
    }

    [Fact]
    public void Compile_FiveThousandRoutesInOneObject_AllStandInOrderAndTheReportCanBeRead()
    {
        string rules = string.Join(", ", Enumerable.Range(0, 5000).Select(i => $"{{ match: [{{ uri: {{ prefix: /p{i}/ }} }}], route: [{{ destination: {{ host: {(i % 2 == 0 ? "web" : "nobody")} }} }}] }}"));

        var result = Mesh.Compile(Shop + Vs($"[{rules}]"));

        var table = Assert.Single(result.Tables, t => t.Host.StartsWith("web.", StringComparison.Ordinal));
        Assert.Equal(Enumerable.Range(0, 5000), table.Http.Select(r => r.Origin.RuleIndex));
        Assert.InRange(result.Findings.Count(f => f.Name == "web"), 1, 20);
    }

    [Theory]
    [InlineData("rules", 200_000)]
    [InlineData("headers", 200_000)]
    [InlineData("matches", 200_000)]
    public void Compile_HugeObject_IsTakenOrRefusedInOnePiece(string part, int size)
    {
        JsonNode list(Func<int, JsonNode> item, int count) => new JsonArray([.. Enumerable.Range(0, count).Select(item)]);
        JsonNode to = JsonNode.Parse("""[{ "destination": { "host": "web" } }]""")!;
        JsonNode http = part switch
        {
            "rules" => list(i => new JsonObject { ["match"] = new JsonArray(new JsonObject { ["uri"] = new JsonObject { ["exact"] = $"/{i}" } }), ["route"] = to.DeepClone() }, size / 10),
            "matches" => new JsonArray(new JsonObject { ["match"] = list(i => new JsonObject { ["uri"] = new JsonObject { ["exact"] = $"/{i}" } }, size), ["route"] = to }),
            _ => new JsonArray(new JsonObject
            {
                ["headers"] = new JsonObject { ["request"] = new JsonObject { ["set"] = new JsonObject(Enumerable.Range(0, size).Select(i => KeyValuePair.Create($"x-{i}", (JsonNode?)"v"))) } },
                ["route"] = to,
            }),
        };
        IncrementalCompiler compiler = new(CompileOptions.Default);
        Put(compiler, Shop);

        compiler.Put(new JsonObject
        {
            ["apiVersion"] = "networking.istio.io/v1",
            ["kind"] = "VirtualService",
            ["metadata"] = new JsonObject { ["name"] = "web", ["namespace"] = "shop" },
            ["spec"] = new JsonObject { ["hosts"] = new JsonArray("web"), ["http"] = http },
        });
        compiler.Flush();

        var result = compiler.Result();
        Assert.Contains(result.Tables, t => t.Host.StartsWith("other.", StringComparison.Ordinal));
        Assert.True(result.Tables.Any(t => t.Host.StartsWith("web.", StringComparison.Ordinal)) || result.Findings.Any(f => f is { Name: "web", Level: FindingLevel.Error }));
    }

    [Fact]
    public void Compile_DeepObject_IsToldOfAndDisturbsNothing()
    {
        JsonNode deep = new JsonObject();
        for (int i = 0; i < 2000; i++)
        {
            deep = new JsonObject { ["a"] = deep };
        }

        IncrementalCompiler compiler = new(CompileOptions.Default);
        Put(compiler, Shop);
        compiler.Put(new JsonObject
        {
            ["apiVersion"] = "networking.istio.io/v1",
            ["kind"] = "VirtualService",
            ["metadata"] = new JsonObject { ["name"] = "web", ["namespace"] = "shop" },
            ["spec"] = new JsonObject { ["hosts"] = new JsonArray("web"), ["http"] = new JsonArray(new JsonObject { ["match"] = deep }) },
        });
        compiler.Flush();

        Assert.Contains(compiler.Result().Findings, f => f is { Name: "web", Level: FindingLevel.Error });
        Assert.Contains(compiler.Result().Tables, t => t.Host.StartsWith("other.", StringComparison.Ordinal));
    }

    private static void Put(IncrementalCompiler compiler, string yaml)
    {
        foreach (var item in Mesh.Objects(yaml))
        {
            compiler.Put(item);
        }

        compiler.Flush();
    }

    private static int StatusOf(RouteAction action) => action switch
    {
        RouteAction.Fail fail => fail.Status,
        RouteAction.Forward { Backends: [{ Invalid: { } invalid }, ..] } => invalid.Status,
        _ => 0,
    };

    private static string Vs(string http, string name = "web", string hosts = "hosts: [web], ") =>
        $"---\napiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {{ name: {name}, namespace: shop }}\nspec: {{ {hosts}http: {http} }}\n";

    private static string Route(string rules) =>
        $"---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {{ name: r, namespace: shop }}\nspec: {{ parentRefs: [{{ group: '', kind: Service, name: web }}], rules: {rules} }}\n";
}
