using System.Collections.Immutable;
using Ambient.Compile.Analysis;
using Ambient.Compile.Offline;
using Ambient.Compile.Reports;

namespace Ambient.Compile.Tests.Analysis;

/// <summary>Each row: what is written, the finding's code and object, its field, a part of its message.</summary>
public sealed class MeshAnalysisTests
{
    private const string Shop = """
        ---
        apiVersion: v1
        kind: Namespace
        metadata: { name: shop, labels: { ambient.dev/mesh: enabled, ambient.dev/use-waypoint: wp } }
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: { name: wp, namespace: shop }
        spec: { gatewayClassName: ambient-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: web, namespace: shop }
        spec: { template: { metadata: { labels: { app: web, version: v1 } }, spec: { serviceAccountName: web, containers: [{ name: c }] } } }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: web, namespace: shop }
        spec: { selector: { app: web }, ports: [{ name: http, port: 80 }] }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: bare, namespace: plain }
        spec: { selector: { app: bare }, ports: [{ port: 80 }] }
        """;

    private const string To = "route: [{ destination: { host: web } }]";

    public static TheoryData<string, string, string, string, string> Rows => new()
    {
        { Vs($"[{{ {To} }}, {{ match: [{{ uri: {{ prefix: /a }} }}], {To} }}]"), "AMB0703", "VirtualService shop/web", "spec.http[1]", "never reached" },
        { Vs($"[{{ match: [{{ uri: {{ prefix: /a }} }}], {To} }}, {{ match: [{{ uri: {{ exact: /a/b }}, method: {{ exact: GET }} }}], {To} }}]"), "AMB0703", "VirtualService shop/web", "spec.http[1]", "rule 0 before it takes every request" },
        { Vs($"[{{ match: [{{ headers: {{ x: {{ exact: a }} }} }}], {To} }}, {{ match: [{{ uri: {{ exact: /a }}, headers: {{ x: {{ exact: a }}, y: {{ exact: b }} }} }}], {To} }}]"), "AMB0703", "VirtualService shop/web", "spec.http[1]", "never reached" },
        { Route("one", "[{ matches: [{ path: { value: /a } }], backendRefs: [{ name: web, port: 80 }] }]") + Route("two", "[{ matches: [{ path: { value: /a } }], backendRefs: [{ name: web, port: 80 }] }]"), "AMB0703", "HTTPRoute shop/two", "spec.rules[0]", "HTTPRoute shop/one rule 0" },
        { Vs("[{ route: [{ destination: { host: web }, weight: 3 }, { destination: { host: web, port: { number: 80 } }, weight: 1 }] }]"), "AMB0706", "VirtualService shop/web", "spec.http[0].route", "sum to 4" },
        { Vs("[{ route: [{ destination: { host: web }, weight: 0 }, { destination: { host: web }, weight: 0 }] }]"), "AMB0101", "VirtualService shop/web", "spec.http[0].route", "sum to 0" },
        { Vs("[{ route: [{ destination: { host: nobody } }] }]"), "AMB0505", "VirtualService shop/web", "spec.http[0].route[0].destination", "there is no service" },
        { Vs("[{ route: [{ destination: { host: web, subset: v9 } }] }]"), "AMB0505", "VirtualService shop/web", "spec.http[0].route[0].destination", "no subset v9" },
        { Vs("[{ match: [{ uri: { regex: '(?<=a)b' } }], " + To + " }]"), "AMB0101", "VirtualService shop/web", "spec.http[0].match[0].uri.regex", "lookbehind" },
        { Vs($"[{{ {To} }}]") + Route("one", "[{ backendRefs: [{ name: web, port: 80 }] }]"), "AMB0701", "VirtualService shop/web", "spec.hosts", "HTTPRoute shop/one" },
        { Vs("[{ delegate: { name: part } }]") + Vs("[{ delegate: { name: web } }]", "part", ""), "AMB0101", "VirtualService shop/part", "spec.http[0].delegate", "one level" },
        { Vs("[{ fault: { delay: { percent: 5, fixedDelay: 1s } }, " + To + " }]"), "AMB0108", "VirtualService shop/web", "spec.http[0].fault.delay.percent", "percentage.value" },
        { Dr("trafficPolicy: { outlierDetection: { consecutiveErrors: 3 } }"), "AMB0108", "DestinationRule shop/web", "spec.trafficPolicy.outlierDetection.consecutiveErrors", "consecutive5xxErrors" },
        { Dr("subsets: [{ name: v1, labels: { version: v1 } }, { name: v2, labels: { version: v2 } }]"), "AMB0707", "DestinationRule shop/web", "spec.subsets[1]", "version=v2" },
        { "---\napiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: bare, namespace: plain }\nspec: { hosts: [bare], http: [{ route: [{ destination: { host: bare } }] }] }\n", "AMB0510", "VirtualService plain/bare", "", "no waypoint stands before" },
        { "---\napiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: { name: bare, namespace: plain }\nspec: { host: bare, trafficPolicy: { loadBalancer: { simple: RANDOM } } }\n", "AMB0510", "DestinationRule plain/bare", "", "plain/bare" },
        { Mesh.Authz("shop", "p", "{ }"), "AMB0208", "AuthorizationPolicy shop/p", "spec.rules", "allows nothing" },
        { Mesh.Authz("shop", "p", "{ action: DENY, rules: [{}] }"), "AMB0208", "AuthorizationPolicy shop/p", "spec.rules[0]", "denies everything" },
        { Mesh.Authz("shop", "p", "{ action: DENY }"), "AMB0206", "AuthorizationPolicy shop/p", "spec.rules", "denies nothing" },
        { Mesh.Authz("shop", "p", "{ rules: [{ to: [{ operation: { methods: [get] } }] }] }"), "AMB0209", "AuthorizationPolicy shop/p", "spec.rules[0].to[0].operation.methods", "write GET" },
        { Mesh.Authz("shop", "p", "{ rules: [{ to: [{ operation: { paths: [admin] } }] }] }"), "AMB0209", "AuthorizationPolicy shop/p", "spec.rules[0].to[0].operation.paths", "begins with /" },
        { Mesh.Authz("shop", "p", "{ rules: [{ from: [{ source: { namespaces: [a], notNamespaces: [a] } }] }] }"), "AMB0209", "AuthorizationPolicy shop/p", "spec.rules[0].from[0].source", "excludes the same" },
        { Mesh.Authz("shop", "p", "{ rules: [{ from: [{ source: { principals: [other.domain/ns/a/sa/b] } }] }] }"), "AMB0209", "AuthorizationPolicy shop/p", "spec.rules[0].from[0].source.principals", "another trust domain" },
        { "---\napiVersion: v1\nkind: Pod\nmetadata: { name: thief, namespace: shop }\nspec: { serviceAccountName: wp, containers: [] }\n", "AMB0508", "Pod shop/thief", "spec.serviceAccountName", "speak for other callers" },
        { "", "AMB0509", "Gateway shop/wp", "metadata.namespace", "web" },
        { Mesh.Peer("shop", "strict", "{ mtls: { mode: STRICT } }") + "\n" + "---\napiVersion: v1\nkind: Pod\nmetadata: { name: out, namespace: shop, labels: { ambient.dev/mesh: disabled } }\nspec: { containers: [] }\n", "AMB0303", "PeerAuthentication shop/strict", "spec.mtls.mode", "shop/out" },
        { Mesh.Peer("shop", "strict", "{ mtls: { mode: STRICT } }") + "\n" + Dr("trafficPolicy: { tls: { mode: DISABLE } }"), "AMB0303", "DestinationRule shop/web", "spec.trafficPolicy.tls.mode", "STRICT" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Analyze_Objects_FindsIt(string yaml, string code, string about, string field, string message)
    {
        var findings = Analyze(Shop + "\n" + yaml);

        Assert.True(
            findings.Any(f => f.Code == code && $"{f.Kind} {f.Namespace}/{f.Name}" == about && f.Field == field && f.Message.Contains(message, StringComparison.Ordinal)),
            string.Join("\n", findings));
    }

    [Fact]
    public void Analyze_NarrowBeforeWide_IsNoShadow()
    {
        var findings = Analyze(Shop + "\n" + Vs(
            $"[{{ match: [{{ uri: {{ prefix: /a/b }} }}], {To} }}, {{ match: [{{ uri: {{ prefix: /a }}, headers: {{ x: {{ exact: '1' }} }} }}], {To} }}, {{ match: [{{ uri: {{ prefix: /a }} }}], {To} }}, {{ {To} }}]"));

        Assert.DoesNotContain(findings, f => f.Code == FindingCodes.RouteNeverReached);
    }

    [Fact]
    public void Analyze_ThousandsOfRules_EndsSoon()
    {
        var rules = string.Join(", ", Enumerable.Range(0, 5000).Select(i => $"{{ match: [{{ uri: {{ prefix: /p{i} }} }}], {To} }}"));

        Assert.NotEmpty(Analyze(Shop + "\n" + Vs($"[{rules}]")));
    }

    [Fact]
    public void Help_EveryCode_HasTitleFixAndAPlaceInTheDocs()
    {
        string[] codes = [.. typeof(FindingCodes).GetFields().Select(f => (string)f.GetRawConstantValue()!).Order(StringComparer.Ordinal)];
        string docs = File.ReadAllText(SourceTree.Of("docs/analyze.md"));

        Assert.Equal(codes, FindingHelp.Codes);
        Assert.All(codes, code => Assert.Contains($"| {code} ", docs, StringComparison.Ordinal));
        Assert.Equal(codes.Length, codes.Distinct().Count());
    }

    private static ImmutableArray<Finding> Analyze(string yaml)
    {
        var objects = OfflineCluster.Complete(Mesh.Objects(yaml), assignAddresses: true);
        return MeshAnalysis.Of(objects, MeshCompiler.Compile(CompileInput.Of(objects)));
    }

    private static string Vs(string http, string name = "web", string hosts = "hosts: [web], ") =>
        $"---\napiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {{ name: {name}, namespace: shop }}\nspec: {{ {hosts}http: {http} }}\n";

    private static string Dr(string spec) =>
        $"---\napiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {{ name: web, namespace: shop }}\nspec: {{ host: web, {spec} }}\n";

    private static string Route(string name, string rules) =>
        $"---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {{ name: {name}, namespace: shop }}\nspec: {{ parentRefs: [{{ group: '', kind: Service, name: web }}], rules: {rules} }}\n";
}
