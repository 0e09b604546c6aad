namespace Ambient.Compile.Tests.Conformance;

/// <summary>HTTPRoute matching and its precedence, as the Gateway API's conformance tests of these names describe them.</summary>
public sealed class HttpRouteMatchingTests
{
    private const string Http = "{ name: http, port: 80, protocol: HTTP, %all }";

    private static readonly GatewayWorld Matching = new(GatewayWorld.GatewayOf(Http), GatewayWorld.Route(
        "{ matches: [{ path: { type: PathPrefix, value: / } }, { headers: [{ name: version, value: one }] }], %v1 }, "
        + "{ matches: [{ path: { type: PathPrefix, value: /v2 } }, { headers: [{ name: version, value: two }] }], %v2 }"));

    private static readonly GatewayWorld AcrossRoutes = new(
        GatewayWorld.GatewayOf(Http),
        GatewayWorld.Route("{ matches: [{ path: { type: PathPrefix, value: / } }, { headers: [{ name: version, value: one }] }], %v1 }", "part1", "example.com, example.net"),
        GatewayWorld.Route("{ matches: [{ path: { type: PathPrefix, value: /v2 } }, { headers: [{ name: version, value: two }] }], %v2 }", "part2", "example.com"));

    private static readonly GatewayWorld Exact = new(GatewayWorld.GatewayOf(Http), GatewayWorld.Route(
        "{ matches: [{ path: { type: Exact, value: /one } }], %v1 }, { matches: [{ path: { type: Exact, value: /two } }], %v2 }"));

    private static readonly GatewayWorld PathOrder = new(GatewayWorld.GatewayOf(Http), GatewayWorld.Route(
        "{ matches: [{ path: { type: PathPrefix, value: /match } }], %v1 }, { matches: [{ path: { type: PathPrefix, value: /match/prefix/one } }], %v2 }, "
        + "{ matches: [{ path: { type: PathPrefix, value: /match/prefix } }], %v3 }, { matches: [{ path: { type: Exact, value: /match/exact/one } }], %v3 }, "
        + "{ matches: [{ path: { type: Exact, value: /match/exact } }], %v2 }"));

    private static readonly GatewayWorld HeaderMatching = new(GatewayWorld.GatewayOf(Http), GatewayWorld.Route(
        "{ matches: [{ headers: [{ name: version, value: one }] }], %v1 }, { matches: [{ headers: [{ name: version, value: two }] }], %v2 }, "
        + "{ matches: [{ headers: [{ name: version, value: two }, { name: color, value: orange }] }], %v1 }, "
        + "{ matches: [{ headers: [{ name: color, value: blue }] }, { headers: [{ name: color, value: green }] }], %v1 }, "
        + "{ matches: [{ headers: [{ name: Color, value: red }, { name: color, value: green }] }, { headers: [{ name: color, value: yellow }] }], %v2 }"));

    private static readonly GatewayWorld QueryMatching = new(GatewayWorld.GatewayOf(Http), GatewayWorld.Route(
        "{ matches: [{ queryParams: [{ name: animal, value: whale }] }], %v1 }, { matches: [{ queryParams: [{ name: animal, value: dolphin }] }], %v2 }, "
        + "{ matches: [{ queryParams: [{ name: animal, value: dolphin }, { name: color, value: blue }] }], %v3 }, { matches: [{ queryParams: [{ name: ANIMAL, value: Whale }] }], %v3 }, "
        + "{ matches: [{ path: { type: PathPrefix, value: /path1 }, queryParams: [{ name: animal, value: whale }] }, { headers: [{ name: version, value: one }], queryParams: [{ name: animal, value: whale }] }], %v2 }"));

    private static readonly GatewayWorld MethodMatching = new(GatewayWorld.GatewayOf(Http), GatewayWorld.Route(
        "{ matches: [{ method: POST }], %v1 }, { matches: [{ method: GET }], %v2 }, { matches: [{ method: PUT, path: { type: PathPrefix, value: /path1 } }], %v1 }, "
        + "{ matches: [{ method: PUT, headers: [{ name: version, value: one }] }], %v2 }, "
        + "{ matches: [{ method: POST, path: { type: PathPrefix, value: /path2 }, headers: [{ name: version, value: two }] }], %v3 }, "
        + "{ matches: [{ path: { type: PathPrefix, value: /path3 } }], %v1 }, { matches: [{ method: PATCH, headers: [{ name: version, value: three }] }], %v3 }, "
        + "{ matches: [{ method: PATCH }], %v2 }"));

    [Theory]
    [InlineData("/", "", "v1")]
    [InlineData("/example", "", "v1")]
    [InlineData("/", "Version: one", "v1")]
    [InlineData("/v2", "", "v2")]
    [InlineData("/v2/", "", "v2")]
    [InlineData("/v2/example", "", "v2")]
    [InlineData("/", "Version: two", "v2")]
    [InlineData("/v2example", "", "v1")]
    [InlineData("/foo/v2/example", "", "v1")]
    public void Request_ByPrefixOrHeader_GoesToTheClosestRule(string path, string headers, string answer) =>
        Assert.Equal(answer, Matching.Ask("example.com", path, headers: headers));

    [Theory]
    [InlineData("example.com", "/", "", "v1")]
    [InlineData("example.com", "/example", "", "v1")]
    [InlineData("example.net", "/example", "", "v1")]
    [InlineData("example.com", "/example", "version: one", "v1")]
    [InlineData("example.com", "/v2", "", "v2")]
    [InlineData("example.com", "/v2/", "", "v2")]
    [InlineData("example.com", "/v2/example", "", "v2")]
    [InlineData("example.com", "/", "version: two", "v2")]
    [InlineData("example.com", "/v2example", "", "v1")]
    [InlineData("example.com", "/foo/v2/example", "", "v1")]
    [InlineData("example.net", "/v2", "", "v1")]
    [InlineData("example.net", "/v2/", "", "v1")]
    [InlineData("example.net", "/v2/example", "", "v1")]
    [InlineData("example.org", "/", "", "404")]
    public void Request_OfRoutesThatShareAHost_GoesToTheClosestRuleOfAll(string host, string path, string headers, string answer) =>
        Assert.Equal(answer, AcrossRoutes.Ask(host, path, headers: headers));

    [Theory]
    [InlineData("/one", "v1")]
    [InlineData("/two", "v2")]
    [InlineData("/", "404")]
    [InlineData("/one/example", "404")]
    [InlineData("/two/", "404")]
    [InlineData("/Two", "404")]
    public void Request_ByExactPath_IsExact(string path, string answer) => Assert.Equal(answer, Exact.Ask("example.com", path));

    [Theory]
    [InlineData("/match/exact/one", "v3")]
    [InlineData("/match/exact", "v2")]
    [InlineData("/match", "v1")]
    [InlineData("/match/prefix/one/any", "v2")]
    [InlineData("/match/prefix/any", "v3")]
    [InlineData("/match/any", "v1")]
    public void Request_OfSeveralPaths_GoesToTheLongest(string path, string answer) => Assert.Equal(answer, PathOrder.Ask("example.com", path));

    [Theory]
    [InlineData("version: one", "v1")]
    [InlineData("version: two", "v2")]
    [InlineData("version: two, color: orange", "v1")]
    [InlineData("version: two, color: blue", "v2")]
    [InlineData("color: blue", "v1")]
    [InlineData("color: green", "v1")]
    [InlineData("color: red", "v2")]
    [InlineData("color: yellow", "v2")]
    [InlineData("color: purple", "404")]
    [InlineData("color: orange", "404")]
    [InlineData("version: three", "404")]
    [InlineData("", "404")]
    public void Request_ByHeaders_GoesToTheRuleWithMost(string headers, string answer) => Assert.Equal(answer, HeaderMatching.Ask("example.com", "/", headers: headers));

    [Theory]
    [InlineData("/?animal=whale", "", "v1")]
    [InlineData("/?animal=dolphin", "", "v2")]
    [InlineData("/?animal=dolphin&color=blue", "", "v3")]
    [InlineData("/?color=blue&animal=dolphin", "", "v3")]
    [InlineData("/?ANIMAL=Whale", "", "v3")]
    [InlineData("/?animal=hydra", "", "404")]
    [InlineData("/?animal=hydra&animal=dolphin", "", "404")]
    [InlineData("/?animal=whaledolphin", "", "404")]
    [InlineData("/?animal=Whale", "", "404")]
    [InlineData("/?color=blue", "", "404")]
    [InlineData("/", "", "404")]
    [InlineData("/path1?animal=whale", "", "v2")]
    [InlineData("/?animal=whale", "version: one", "v2")]
    public void Request_ByQueryParameters_GoesToTheRuleWithMost(string target, string headers, string answer) =>
        Assert.Equal(answer, QueryMatching.Ask("example.com", target, headers: headers));

    [Theory]
    [InlineData("POST", "/", "", "v1")]
    [InlineData("GET", "/", "", "v2")]
    [InlineData("HEAD", "/", "", "404")]
    [InlineData("PUT", "/path1", "", "v1")]
    [InlineData("PUT", "/", "version: one", "v2")]
    [InlineData("PUT", "/", "", "404")]
    [InlineData("POST", "/path2", "version: two", "v3")]
    [InlineData("POST", "/path2", "", "v1")]
    [InlineData("POST", "/path3", "", "v1")]
    [InlineData("GET", "/path3", "", "v1")]
    [InlineData("PATCH", "/", "version: three", "v3")]
    [InlineData("PATCH", "/", "", "v2")]
    [InlineData("get", "/", "", "404")]
    public void Request_ByMethod_PathComesBeforeMethodBeforeHeaders(string method, string path, string headers, string answer) =>
        Assert.Equal(answer, MethodMatching.Ask("example.com", path, method, headers));

    [Theory]
    [InlineData("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "a", "b", "v1")]
    [InlineData("2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z", "a", "b", "v2")]
    [InlineData("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "a", "b", "v1")]
    [InlineData("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "z", "b", "v2")]
    public void Request_OfEqualRules_GoesToTheOldestRouteThenByName(string first, string second, string firstName, string secondName, string answer) => Assert.Equal(
        answer, new GatewayWorld(GatewayWorld.GatewayOf(Http), GatewayWorld.Route("{ %v1 }", firstName, created: first), GatewayWorld.Route("{ %v2 }", secondName, created: second)).Ask("a.example", "/"));
}
