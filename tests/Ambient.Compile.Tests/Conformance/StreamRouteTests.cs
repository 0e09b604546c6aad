namespace Ambient.Compile.Tests.Conformance;

/// <summary>TLSRoute, TCPRoute and GRPCRoute at a Gateway.</summary>
public sealed class StreamRouteTests
{
    private static readonly GatewayWorld Streams = new(
        TestSecret.Of("cert", GatewayWorld.Infra),
        GatewayWorld.GatewayOf("{ name: pass, port: 443, protocol: TLS, hostname: '*.example.com', tls: { mode: Passthrough } }, { name: exact, port: 443, protocol: TLS, hostname: abc.example.com, tls: { mode: Passthrough } }, "
            + "{ name: ended, port: 8443, protocol: TLS, tls: { certificateRefs: [{ name: cert }] } }, { name: tcp, port: 5432, protocol: TCP }"),
        GatewayWorld.Route("{ %v1 }", "wide", "'*.example.com'", "{ name: gw, sectionName: pass }", "TLSRoute"),
        GatewayWorld.Route("{ %v2 }", "named", "named.example.com, elsewhere.example.org", "{ name: gw, sectionName: pass }", "TLSRoute"),
        GatewayWorld.Route("{ %v3 }", "exact", "abc.example.com", "{ name: gw, sectionName: exact }", "TLSRoute"),
        GatewayWorld.Route("{ %v1 }", "apart", "a.example.org", "{ name: gw, sectionName: pass }", "TLSRoute"),
        GatewayWorld.Route("{ %v2 }", "bytes", "", "{ name: gw, sectionName: ended }", "TCPRoute"),
        GatewayWorld.Route("{ %v2 }", "young", "", "{ name: gw, sectionName: tcp }", "TCPRoute", created: "2026-01-02T00:00:00Z"),
        GatewayWorld.Route("{ %v1 }", "zold", "", "{ name: gw, sectionName: tcp }", "TCPRoute", created: "2026-01-01T00:00:00Z"),
        GatewayWorld.Route("{ %v1 }", "http", "", "{ name: gw, sectionName: tcp }"));

    private static readonly GatewayWorld Calls = new(
        GatewayWorld.GatewayOf("{ name: http, port: 80, protocol: HTTP, %all }"),
        GatewayWorld.Route(
            "{ matches: [{ method: { service: echo.Echo, method: One } }], %v1 }, { matches: [{ method: { service: echo.Echo, method: Two } }], %v2 }, { matches: [{ method: { service: echo.Echo } }], %v3 }, "
            + "{ matches: [{ headers: [{ name: version, value: one }] }], %v1 }, { matches: [{ headers: [{ name: version, value: two }, { name: color, value: blue }] }], %v2 }, { matches: [{ method: { method: Any } }], %v2 }",
            "calls", "calls.example", kind: "GRPCRoute"),
        GatewayWorld.Route("{ %v1 }", "pages", "pages.example, both.example", created: "2026-01-02T00:00:00Z"),
        GatewayWorld.Route("{ %v2 }", "later", "both.example", kind: "GRPCRoute", created: "2026-01-03T00:00:00Z"));

    [Theory]
    [InlineData(443, "x.example.com", "v1")]
    [InlineData(443, "named.example.com", "v2")]
    [InlineData(443, "abc.example.com", "v3")]
    [InlineData(443, "example.com", "refused")]
    [InlineData(443, "a.example.org", "refused")]
    [InlineData(8443, "anything.example", "v2")]
    [InlineData(5432, null, "v1")]
    [InlineData(5433, null, "refused")]
    public void Connection_ToAPort_GoesByServerNameOrToTheOldestRoute(int port, string? name, string answer) => Assert.Equal(answer, Streams.Connect(port, name));

    [Theory]
    [InlineData("wide", "True Accepted")]
    [InlineData("apart", "False NoMatchingListenerHostname")]
    [InlineData("young", "True Accepted")]
    [InlineData("zold", "True Accepted")]
    [InlineData("http", "False NotAllowedByListeners")]
    public void StreamRoute_OfAListener_IsAcceptedByKindAndHost(string route, string accepted) => Assert.Equal(accepted, Streams.Condition(route, "Accepted"));

    [Theory]
    [InlineData("pass", 2, "TLSRoute")]
    [InlineData("ended", 1, "TLSRoute,TCPRoute")]
    [InlineData("tcp", 2, "TCPRoute")]
    public void Listener_OfAProtocol_CountsItsRoutesAndNamesTheirKinds(string listener, int attached, string kinds)
    {
        var report = Streams.Listener(listener);
        Assert.Equal((attached, kinds), (report.AttachedRoutes, string.Join(',', report.SupportedKinds.Select(k => k.Split('/')[1]))));
    }

    [Theory]
    [InlineData("/echo.Echo/One", "", "v1")]
    [InlineData("/echo.Echo/Two", "", "v2")]
    [InlineData("/echo.Echo/Three", "", "v3")]
    [InlineData("/other.Echo/One", "", "404")]
    [InlineData("/other.Echo/Any", "", "v2")]
    [InlineData("/other.Echo/One", "version: one", "v1")]
    [InlineData("/other.Echo/One", "version: two", "404")]
    [InlineData("/other.Echo/One", "version: two, color: blue", "v2")]
    [InlineData("/echo.Echo/Two", "version: one", "v2")]
    public void Call_ByMethodAndHeaders_GoesToTheClosestRule(string path, string headers, string answer) =>
        Assert.Equal(answer, Calls.Ask("calls.example", path, "POST", headers));

    [Fact]
    public void GrpcRoute_OnAHostOfAnOlderHttpRoute_IsNotAccepted()
    {
        Assert.Equal(("True Accepted", "False Conflicted"), (Calls.Condition("pages", "Accepted"), Calls.Condition("later", "Accepted")));
        Assert.Equal("v1", Calls.Ask("both.example", "/"));
    }
}
