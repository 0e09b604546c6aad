using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Routing.Resilience;

namespace Ambient.Compile.Tests.Conformance;

/// <summary>What extended features of routes become at a Gateway and within the mesh, field by field.</summary>
public sealed class ExtendedFeatureTests
{
    private const string ServiceParent = "{ group: '', kind: Service, name: infra-backend-v1 }";

    public static TheoryData<string> Parents => ["{ name: gw }", ServiceParent];

    [Theory]
    [MemberData(nameof(Parents))]
    public void Timeouts_OfARule_AreThoseOfTheRequestAndOfEachAttempt(string parent)
    {
        HttpRule rule = Rule("{ timeouts: { request: 2s, backendRequest: 500ms }, %v1 }", parent);
        Assert.Equal((TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(500)), (rule.Timeout, rule.Retry!.PerTryTimeout));

        HttpRule off = Rule("{ timeouts: { request: 0s, backendRequest: 0s }, %v1 }", parent);
        Assert.Equal((null, null), (off.Timeout, off.Retry?.PerTryTimeout));
    }

    [Theory]
    [InlineData("{ timeouts: { request: 1s, backendRequest: 2s }, %v1 }")]
    [InlineData("{ timeouts: { request: soon }, %v1 }")]
    [InlineData("{ filters: [{ type: RequestRedirect, requestRedirect: { statusCode: 304 } }] }")]
    [InlineData("{ filters: [{ type: RequestRedirect, requestRedirect: { statusCode: 200 } }] }")]
    [InlineData("{ matches: [{ path: { type: RegularExpression, value: '/a(' } }], %v1 }")]
    [InlineData("{ matches: [{ path: { type: Near, value: /a } }], %v1 }")]
    [InlineData("{ retry: { codes: [99] }, %v1 }")]
    [InlineData("{ filters: [{ type: URLRewrite, urlRewrite: { hostname: a } }, { type: RequestRedirect, requestRedirect: { hostname: b } }] }", "IncompatibleFilters")]
    public void Value_ThatMakesNoSense_IsRefusedAndAnswers500(string rule, string reason = "UnsupportedValue")
    {
        var world = new GatewayWorld(GatewayWorld.GatewayOf("{ name: http, port: 80, protocol: HTTP }"), GatewayWorld.Route(rule));

        Assert.Equal($"False {reason}", world.Condition("route", "Accepted"));
        Assert.Equal("500", world.Ask("a.example", "/"));
    }

    [Theory]
    [MemberData(nameof(Parents))]
    public void Mirrors_SeveralWithShares_AreAllKept(string parent)
    {
        HttpRule rule = Rule(
            "{ filters: [{ type: RequestMirror, requestMirror: { backendRef: { name: infra-backend-v2, port: 8080 } } }, { type: RequestMirror, requestMirror: { percent: 42, backendRef: { name: infra-backend-v3, port: 8080 } } }, "
            + "{ type: RequestMirror, requestMirror: { fraction: { numerator: 1, denominator: 50 }, backendRef: { name: infra-backend-v3, port: 8080 } } }], %v1 }", parent);

        Assert.Equal([("infra-backend-v2", 100.0), ("infra-backend-v3", 42.0), ("infra-backend-v3", 2.0)], rule.Mirrors.Select(m => (m.Target.Name, m.Percentage)));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public void Redirect_OfEachStatus_IsAnsweredWithIt(int status)
    {
        var world = new GatewayWorld(
            GatewayWorld.GatewayOf("{ name: http, port: 80, protocol: HTTP }"), GatewayWorld.Route($"{{ filters: [{{ type: RequestRedirect, requestRedirect: {{ scheme: https, statusCode: {status} }} }}] }}"));

        Assert.Equal($"{status} https://a.example/x", world.Ask("a.example", "/x"));
    }

    [Theory]
    [MemberData(nameof(Parents))]
    public void Headers_OfRuleAndBackend_AreChangedBothWays(string parent)
    {
        const string change = "{ set: [{ name: X-Set, value: a }], add: [{ name: X-Add, value: b }], remove: [X-Remove] }";
        const string filters = $"filters: [{{ type: RequestHeaderModifier, requestHeaderModifier: {change} }}, {{ type: ResponseHeaderModifier, responseHeaderModifier: {change} }}]";
        HttpRule rule = Rule($"{{ {filters}, backendRefs: [{{ name: infra-backend-v1, port: 8080, {filters} }}] }}", parent);
        WeightedBackend backend = Assert.Single(Assert.IsType<RouteAction.Forward>(rule.Action).Backends);

        foreach (HeaderChange made in (HeaderChange[])[rule.RequestHeaders, rule.ResponseHeaders, backend.RequestHeaders, backend.ResponseHeaders])
        {
            Assert.Equal(("x-set", "a", "x-add", "b", "x-remove"), (made.Set[0].Name.ToLowerInvariant(), made.Set[0].Value, made.Add[0].Name.ToLowerInvariant(), made.Add[0].Value, made.Remove[0].ToLowerInvariant()));
        }
    }

    [Theory]
    [MemberData(nameof(Parents))]
    public void Rule_WithAName_IsKnownByIt(string parent) => Assert.Equal("first", Rule("{ name: first, %v1 }", parent).Origin.RuleName);

    [Theory]
    [MemberData(nameof(Parents))]
    public void Retry_OfARule_HoldsForConnectionErrorsAndItsCodes(string parent)
    {
        RetryPolicy retry = Rule("{ retry: { attempts: 3, codes: [500, 502, 503, 504], backoff: 50ms }, timeouts: { request: 5s, backendRequest: 1s }, %v1 }", parent).Retry!;
        Assert.Equal((3, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1)), (retry.Attempts, retry.BackoffBase, retry.PerTryTimeout));
        Assert.Equal([500, 502, 503, 504], retry.Codes);
        Assert.True(Repeats(retry, AttemptResult.Failed(AttemptFailure.Connect)));
        Assert.True(Repeats(retry, AttemptResult.Answered(503)));
        Assert.False(Repeats(Rule("{ retry: { attempts: 1 }, %v1 }", parent).Retry!, AttemptResult.Answered(500)));

        static bool Repeats(RetryPolicy policy, AttemptResult result) =>
            RetryDecision.Decide(policy, new RetryState { Method = "POST", Attempts = 1, BodyReplayable = true }, result, static () => true).Retry;
    }

    [Fact]
    public void Cors_OfARule_IsTakenWhole()
    {
        CorsPolicy cors = Rule("{ filters: [{ type: CORS, cors: { allowOrigins: ['https://a.example', 'https://*.b.example', 'https://*'], allowMethods: [GET, PUT], allowHeaders: [x-a], exposeHeaders: [x-b], maxAge: 7, allowCredentials: true } }], %v1 }").Cors!;
        Assert.Equal([TextMatchKind.Exact, TextMatchKind.Regex, TextMatchKind.Regex], cors.AllowOrigins.Select(o => o.Kind));
        Assert.Equal(("GET,PUT", "x-a", "x-b", TimeSpan.FromSeconds(7), true), (string.Join(',', cors.AllowMethods), cors.AllowHeaders[0], cors.ExposeHeaders[0], cors.MaxAge, cors.AllowCredentials));
    }

    [Theory]
    [InlineData("/pets/12", "v1")]
    [InlineData("/pets/x", "404")]
    [InlineData("/x/pets/12", "404")]
    public void Path_ByRegularExpression_IsMatchedWhole(string path, string answer) =>
        Assert.Equal(answer, new GatewayWorld(GatewayWorld.GatewayOf("{ name: http, port: 80, protocol: HTTP }"), GatewayWorld.Route("{ matches: [{ path: { type: RegularExpression, value: '/pets/[0-9]+' } }], %v1 }")).Ask("a.example", path));

    [Theory]
    [InlineData("version: one", "?a=12", "v1")]
    [InlineData("version: two", "?a=12", "404")]
    [InlineData("version: one", "?a=x", "404")]
    public void HeaderAndQuery_ByRegularExpression_AreMatchedWhole(string headers, string query, string answer) => Assert.Equal(answer, new GatewayWorld(
        GatewayWorld.GatewayOf("{ name: http, port: 80, protocol: HTTP }"),
        GatewayWorld.Route("{ matches: [{ headers: [{ type: RegularExpression, name: version, value: 'o.e' }], queryParams: [{ type: RegularExpression, name: a, value: '[0-9]+' }] }], %v1 }")).Ask("a.example", "/" + query, headers: headers));

    [Theory]
    [InlineData("service: 'echo[.].*', method: 'Get.*'", "/echo.Echo/GetOne", "v1")]
    [InlineData("service: 'echo[.].*', method: 'Get.*'", "/echo.Echo/SetOne", "404")]
    [InlineData("method: 'Get.*'", "/any.Any/GetOne", "v1")]
    [InlineData("service: 'echo[.].*'", "/echo.Echo/SetOne", "v1")]
    [InlineData("service: 'echo[.].*'", "/other.Echo/SetOne", "404")]
    public void Method_OfGrpcByRegularExpression_IsMatchedWhole(string method, string path, string answer) => Assert.Equal(answer, new GatewayWorld(
        GatewayWorld.GatewayOf("{ name: http, port: 80, protocol: HTTP }"),
        GatewayWorld.Route($"{{ matches: [{{ method: {{ type: RegularExpression, {method} }} }}], %v1 }}", kind: "GRPCRoute")).Ask("a.example", path, method: "POST"));

    [Theory]
    [InlineData("kubernetes.io/h2c", AppProtocol.Http2)]
    [InlineData("kubernetes.io/ws", AppProtocol.Http11)]
    [InlineData("http", AppProtocol.Http11)]
    public void Backend_WithAnAppProtocol_IsSpokenToByIt(string protocol, AppProtocol spoken) => Assert.Equal(spoken, Assert.Single(Assert.Single(Mesh.Compile($$"""
        apiVersion: v1
        kind: Service
        metadata: { name: a, namespace: shop }
        spec: { selector: { app: a }, ports: [{ port: 80, appProtocol: {{protocol}} }] }
        """).Services).Ports).Protocol);

    [Theory]
    [InlineData("{ type: IPAddress, value: 192.0.2.7 }", "192.0.2.7", "True Accepted", "True Programmed")]
    [InlineData("{ value: 192.0.2.7 }", "192.0.2.7", "True Accepted", "True Programmed")]
    [InlineData("{ type: IPAddress }", "192.0.2.9", "True Accepted", "True Programmed")]
    [InlineData("{ type: IPAddress, value: 192.0.2.7 }", "192.0.2.9", "True Accepted", "False AddressNotUsable")]
    [InlineData("{ type: IPAddress, value: 192.0.2.7 }, { type: IPAddress, value: 192.0.2.9 }", "192.0.2.9", "True Accepted", "False AddressNotUsable")]
    [InlineData("{ type: test/fake-invalid-type, value: x }", "192.0.2.9", "False UnsupportedAddress", "False Invalid")]
    public void Gateway_ThatAsksForAnAddress_IsProgrammedWhenItHasIt(string asked, string has, string accepted, string programmed)
    {
        string gateway = GatewayWorld.GatewayOf("{ name: http, port: 80, protocol: HTTP }").Replace("spec: {", $"spec: {{ addresses: [{asked}],", StringComparison.Ordinal);
        var status = Assert.Single(new GatewayWorld(gateway, $$"""
            ---
            apiVersion: v1
            kind: Service
            metadata: { name: gw-ambient, namespace: gateway-conformance-infra, labels: { gateway.networking.k8s.io/gateway-name: gw } }
            spec: { type: LoadBalancer, clusterIP: 10.96.0.9, ports: [{ port: 80 }] }
            status: { loadBalancer: { ingress: [{ ip: {{has}} }] } }
            ---
            apiVersion: v1
            kind: Pod
            metadata: { name: gw-1, namespace: gateway-conformance-infra, labels: { gateway.networking.k8s.io/gateway-name: gw } }
            spec: { containers: [{ name: proxy }] }
            status: { phase: Running, podIP: 10.0.0.9, conditions: [{ type: Ready, status: "True" }] }
            """).Result.Status, s => s is { Kind: "Gateway", Name: "gw" });

        Assert.Equal([accepted, programmed], status.Conditions.Select(c => $"{c.Status} {c.Reason}"));
    }

    [Fact]
    public void Gateway_ThatAsksForHttp3_SaysThatItIsOff()
    {
        string gateway = GatewayWorld.GatewayOf("{ name: http, port: 80, protocol: HTTP }").Replace("name: gw,", "name: gw, annotations: { ambient.dev/http3: 'true' },", StringComparison.Ordinal);
        var condition = Assert.Single(Assert.Single(new GatewayWorld(gateway).Result.Status, s => s.Name == "gw").Conditions, c => c.Type == "ambient.dev/HTTP3");

        Assert.Equal(("False", "NotServed"), (condition.Status, condition.Reason));
        Assert.Contains("HTTP/3 is off", condition.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SupportedFeatures_OfAClass_AreSortedAndNamedOnce()
    {
        var features = Assert.Single(Mesh.Compile("""
            apiVersion: gateway.networking.k8s.io/v1
            kind: GatewayClass
            metadata: { name: ambient }
            spec: { controllerName: ambient.dev/gateway-controller }
            """).Status).SupportedFeatures!.Value;

        Assert.Equal(features.Order(StringComparer.Ordinal).Distinct(), features);
        Assert.Subset(new HashSet<string>(features), new HashSet<string>(["ListenerSet", "UDPRoute", "TCPRoute", "TLSRoute", "HTTPRoute308RedirectStatusCode"]));
        Assert.DoesNotContain("GatewayStaticAddresses", features);
    }

    private static HttpRule Rule(string rule, string parent = "{ name: gw }") => Assert.Single(Assert.Single(
        new GatewayWorld(GatewayWorld.GatewayOf("{ name: http, port: 80, protocol: HTTP }"), GatewayWorld.Route(rule, parents: parent)).Result.Tables,
        t => !t.Http.IsEmpty).Http);
}
