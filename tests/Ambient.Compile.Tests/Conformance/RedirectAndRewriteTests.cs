namespace Ambient.Compile.Tests.Conformance;

/// <summary>RequestRedirect by scheme and port of listener and filter, and the paths that ReplacePrefixMatch makes.</summary>
public sealed class RedirectAndRewriteTests
{
    private const string Listeners = "{ name: http, port: 80, protocol: HTTP }, { name: alt, port: 8080, protocol: HTTP }, "
        + "{ name: https, port: 443, protocol: HTTPS, tls: { certificateRefs: [{ name: cert }] } }";

    [Theory]
    [InlineData(80, "", "http://example.org/")]
    [InlineData(80, "port: 80", "http://example.org/")]
    [InlineData(80, "port: 8080", "http://example.org:8080/")]
    [InlineData(80, "scheme: https", "https://example.org/")]
    [InlineData(80, "scheme: https, port: 443", "https://example.org/")]
    [InlineData(80, "scheme: https, port: 8443", "https://example.org:8443/")]
    [InlineData(8080, "", "http://example.org:8080/")]
    [InlineData(8080, "port: 80", "http://example.org/")]
    [InlineData(8080, "port: 8080", "http://example.org:8080/")]
    [InlineData(8080, "scheme: https", "https://example.org/")]
    [InlineData(8080, "scheme: https, port: 443", "https://example.org/")]
    [InlineData(8080, "scheme: https, port: 8443", "https://example.org:8443/")]
    [InlineData(443, "", "https://example.org/")]
    [InlineData(443, "port: 443", "https://example.org/")]
    [InlineData(443, "port: 8443", "https://example.org:8443/")]
    [InlineData(443, "scheme: http", "http://example.org/")]
    [InlineData(443, "scheme: http, port: 80", "http://example.org/")]
    [InlineData(443, "scheme: http, port: 8080", "http://example.org:8080/")]
    public void Redirect_ByListenerSchemeAndPort_LeadsThere(int port, string filter, string location)
    {
        GatewayWorld world = new(GatewayWorld.GatewayOf(Listeners), Redirect($"{{ hostname: example.org{(filter.Length == 0 ? "" : ", " + filter)} }}"));

        Assert.Equal($"302 {location}", world.Ask("a.example", "/", port: port, sni: port == 443 ? "a.example" : null));
    }

    [Theory]
    [InlineData("{ hostname: example.org, statusCode: 301 }", "/path", "301 http://example.org/path")]
    [InlineData("{ scheme: https, statusCode: 308 }", "/path?q=1", "308 https://a.example/path?q=1")]
    [InlineData("{ path: { type: ReplaceFullPath, replaceFullPath: /full } }", "/original-prefix/lemon", "302 http://a.example/full")]
    [InlineData("{ path: { type: ReplacePrefixMatch, replacePrefixMatch: /replacement-prefix } }", "/original-prefix/lemon", "302 http://a.example/replacement-prefix/lemon")]
    public void Redirect_OfAPath_LeadsThere(string redirect, string target, string answer) =>
        Assert.Equal(answer, new GatewayWorld(GatewayWorld.GatewayOf(Listeners), Redirect(redirect, target.StartsWith("/orig", StringComparison.Ordinal) ? "/original-prefix" : "/")).Ask("a.example", target));

    // HTTPPathModifier.replacePrefixMatch has this table of eleven.
    [Theory]
    [InlineData("/foo/bar", "/foo", "/xyz", "/xyz/bar")]
    [InlineData("/foo/bar", "/foo", "/xyz/", "/xyz/bar")]
    [InlineData("/foo/bar", "/foo/", "/xyz", "/xyz/bar")]
    [InlineData("/foo/bar", "/foo/", "/xyz/", "/xyz/bar")]
    [InlineData("/foo", "/foo", "/xyz", "/xyz")]
    [InlineData("/foo/", "/foo", "/xyz", "/xyz/")]
    [InlineData("/foo/bar", "/foo", "", "/bar")]
    [InlineData("/foo/", "/foo", "", "/")]
    [InlineData("/foo", "/foo", "", "/")]
    [InlineData("/foo/", "/foo", "/", "/")]
    [InlineData("/foo", "/foo", "/", "/")]
    public void Rewrite_OfAPrefix_IsAsTheTableSays(string path, string prefix, string replacement, string rewritten)
    {
        GatewayWorld world = new(GatewayWorld.GatewayOf(Listeners), GatewayWorld.Route(
            $"{{ matches: [{{ path: {{ type: PathPrefix, value: {prefix} }} }}], filters: [{{ type: URLRewrite, urlRewrite: {{ path: {{ type: ReplacePrefixMatch, replacePrefixMatch: '{replacement}' }} }} }}], %v1 }}"));

        Assert.Equal($"v1 a.example{rewritten}", world.Ask("a.example", path));
    }

    [Theory]
    [InlineData("{ hostname: one.example.org }", "/one", "v1 one.example.org/one")]
    [InlineData("{ path: { type: ReplaceFullPath, replaceFullPath: /one } }", "/full/one/two", "v1 a.example/one")]
    public void Rewrite_OfHostAndFullPath_IsSo(string rewrite, string path, string answer) => Assert.Equal(answer, new GatewayWorld(
        GatewayWorld.GatewayOf(Listeners), GatewayWorld.Route($"{{ filters: [{{ type: URLRewrite, urlRewrite: {rewrite} }}], %v1 }}")).Ask("a.example", path));

    [Fact]
    public void Rewrite_BesideARedirect_IsRefused()
    {
        GatewayWorld world = new(GatewayWorld.GatewayOf(Listeners), GatewayWorld.Route(
            "{ filters: [{ type: URLRewrite, urlRewrite: { hostname: x.example } }, { type: RequestRedirect, requestRedirect: { scheme: https } }] }"));

        Assert.StartsWith("False", world.Condition("route", "Accepted"), StringComparison.Ordinal);
        Assert.Equal("500", world.Ask("a.example", "/"));
    }

    private static string Redirect(string redirect, string prefix = "/") => Secret + GatewayWorld.Route(
        $"{{ matches: [{{ path: {{ type: PathPrefix, value: {prefix} }} }}], filters: [{{ type: RequestRedirect, requestRedirect: {redirect} }}] }}");

    private static string Secret { get; } = TestSecret.Of("cert", GatewayWorld.Infra) + "\n";
}
