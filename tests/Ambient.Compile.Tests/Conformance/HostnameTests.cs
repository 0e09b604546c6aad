namespace Ambient.Compile.Tests.Conformance;

/// <summary>Hosts of listeners and routes: intersection, the closest listener, isolation.</summary>
public sealed class HostnameTests
{
    private static readonly GatewayWorld Intersection = new(
        GatewayWorld.GatewayOf("{ name: listener-1, port: 80, protocol: HTTP, hostname: very.specific.com }, { name: listener-2, port: 80, protocol: HTTP, hostname: '*.wildcard.io' }, "
            + "{ name: listener-3, port: 80, protocol: HTTP, hostname: '*.anotherwildcard.io' }"),
        GatewayWorld.Route("{ matches: [{ path: { value: /s1 } }], %v1 }", "specific-specific", "non.matching.com, '*.nonmatchingwildcard.io', very.specific.com"),
        GatewayWorld.Route("{ matches: [{ path: { value: /s2 } }], %v2 }", "specific-wildcard", "non.matching.com, wildcard.io, foo.wildcard.io, bar.wildcard.io, foo.bar.wildcard.io"),
        GatewayWorld.Route("{ matches: [{ path: { value: /s3 } }], %v3 }", "wildcard-specific", "non.matching.com, '*.specific.com'"),
        GatewayWorld.Route("{ matches: [{ path: { value: /s4 } }], %v1 }", "wildcard-wildcard", "'*.anotherwildcard.io'"),
        GatewayWorld.Route("{ matches: [{ path: { value: /s5 } }], %v1 }", "none", "specific.but.wrong.com, wildcard.io"));

    private static readonly GatewayWorld Listeners = new(
        GatewayWorld.GatewayOf("{ name: listener-1, port: 80, protocol: HTTP, hostname: bar.com }, { name: listener-2, port: 80, protocol: HTTP, hostname: foo.bar.com }, "
            + "{ name: listener-3, port: 80, protocol: HTTP, hostname: '*.bar.com' }, { name: listener-4, port: 80, protocol: HTTP, hostname: '*.foo.com' }"),
        GatewayWorld.Route("{ %v1 }", "one", parents: "{ name: gw, sectionName: listener-1 }"),
        GatewayWorld.Route("{ %v2 }", "two", parents: "{ name: gw, sectionName: listener-2 }"),
        GatewayWorld.Route("{ %v3 }", "three", parents: "{ name: gw, sectionName: listener-3 }, { name: gw, sectionName: listener-4 }"));

    private static readonly GatewayWorld Isolation = new(
        GatewayWorld.GatewayOf("{ name: empty, port: 80, protocol: HTTP }, { name: wide, port: 80, protocol: HTTP, hostname: '*.example.com' }, "
            + "{ name: narrow, port: 80, protocol: HTTP, hostname: '*.foo.example.com' }, { name: exact, port: 80, protocol: HTTP, hostname: abc.foo.example.com }"),
        GatewayWorld.Route("{ matches: [{ path: { value: /empty } }], %v1 }", "empty", parents: "{ name: gw, sectionName: empty }"),
        GatewayWorld.Route("{ matches: [{ path: { value: /wide } }], %v1 }", "wide", parents: "{ name: gw, sectionName: wide }"),
        GatewayWorld.Route("{ matches: [{ path: { value: /narrow } }], %v1 }", "narrow", parents: "{ name: gw, sectionName: narrow }"),
        GatewayWorld.Route("{ matches: [{ path: { value: /exact } }], %v1 }", "exact", parents: "{ name: gw, sectionName: exact }"));

    [Theory]
    [InlineData("very.specific.com", "/s1", "v1")]
    [InlineData("non.matching.com", "/s1", "404")]
    [InlineData("foo.nonmatchingwildcard.io", "/s1", "404")]
    [InlineData("foo.wildcard.io", "/s1", "404")]
    [InlineData("very.specific.com", "/non-matching-prefix", "404")]
    [InlineData("bar.wildcard.io", "/s2", "v2")]
    [InlineData("foo.wildcard.io", "/s2", "v2")]
    [InlineData("foo.bar.wildcard.io", "/s2", "v2")]
    [InlineData("non.matching.com", "/s2", "404")]
    [InlineData("wildcard.io", "/s2", "404")]
    [InlineData("very.specific.com", "/s2", "404")]
    [InlineData("foo.wildcard.io", "/non-matching-prefix", "404")]
    [InlineData("very.specific.com", "/s3", "v3")]
    [InlineData("non.matching.com", "/s3", "404")]
    [InlineData("foo.specific.com", "/s3", "404")]
    [InlineData("foo.wildcard.io", "/s3", "404")]
    [InlineData("one.anotherwildcard.io", "/s4", "v1")]
    [InlineData("two.anotherwildcard.io", "/s4", "v1")]
    [InlineData("a.b.anotherwildcard.io", "/s4", "v1")]
    [InlineData("anotherwildcard.io", "/s4", "404")]
    [InlineData("foo.wildcard.io", "/s4", "404")]
    [InlineData("specific.but.wrong.com", "/s5", "404")]
    [InlineData("wildcard.io", "/s5", "404")]
    public void Request_OfRoutesAndListenersWithHosts_IsForWhatBothHave(string host, string path, string answer) => Assert.Equal(answer, Intersection.Ask(host, path));

    [Theory]
    [InlineData("specific-specific", "True Accepted")]
    [InlineData("specific-wildcard", "True Accepted")]
    [InlineData("wildcard-specific", "True Accepted")]
    [InlineData("wildcard-wildcard", "True Accepted")]
    [InlineData("none", "False NoMatchingListenerHostname")]
    public void Route_WithoutACommonHost_IsNotAccepted(string route, string accepted) => Assert.Equal(accepted, Intersection.Condition(route, "Accepted"));

    [Theory]
    [InlineData("bar.com", "v1")]
    [InlineData("foo.bar.com", "v2")]
    [InlineData("baz.bar.com", "v3")]
    [InlineData("boo.bar.com", "v3")]
    [InlineData("multiple.prefixes.bar.com", "v3")]
    [InlineData("multiple.prefixes.foo.com", "v3")]
    [InlineData("BAR.com", "v1")]
    [InlineData("foo.com", "404")]
    [InlineData("no.matching.host", "404")]
    public void Request_OfSeveralListeners_IsTheClosests(string host, string answer) => Assert.Equal(answer, Listeners.Ask(host, "/"));

    [Theory]
    [InlineData("bar.com", "empty")]
    [InlineData("bar.example.com", "wide")]
    [InlineData("bar.foo.example.com", "narrow")]
    [InlineData("abc.foo.example.com", "exact")]
    public void Request_OfIsolatedListeners_HasTheRoutesOfOneAlone(string host, string listener)
    {
        foreach (string path in new[] { "empty", "wide", "narrow", "exact" })
        {
            Assert.Equal(path == listener ? "v1" : "404", Isolation.Ask(host, $"/{path}"));
        }
    }
}
