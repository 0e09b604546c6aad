using Ambient.Core.Routes;
using Ambient.Routing.Rewriting;

namespace Ambient.Routing.Tests.Rewriting;

public class RedirectLocationTests
{
    // Rows: request, listener port, scheme, host, port, port when unset, location.
    [Theory]
    [InlineData("GET http://a.com/x?q=1", 80, "https", null, 0, RedirectPort.SchemeOrListener, "https://a.com/x?q=1")]
    [InlineData("GET http://a.com:8080/x", 8080, "https", null, 0, RedirectPort.SchemeOrListener, "https://a.com/x")]
    [InlineData("GET http://a.com:8080/x", 8080, null, "b.com", 0, RedirectPort.SchemeOrListener, "http://b.com:8080/x")]
    [InlineData("GET http://a.com/x", 80, null, "b.com", 0, RedirectPort.SchemeOrListener, "http://b.com/x")]
    [InlineData("GET https://a.com/x", 443, null, null, 443, RedirectPort.SchemeOrListener, "https://a.com/x")]
    [InlineData("GET http://a.com/x", 80, null, null, 8443, RedirectPort.SchemeOrListener, "http://a.com:8443/x")]
    [InlineData("GET http://a.com/x", 80, "https", null, 80, RedirectPort.SchemeOrListener, "https://a.com:80/x")]
    [InlineData("GET http://a.com:8080/x", 8080, null, "b.com", 0, RedirectPort.SchemeDefault, "http://b.com/x")]
    [InlineData("GET http://a.com:8080/x", 8080, null, "b.com", 0, RedirectPort.Request, "http://b.com:8080/x")]
    [InlineData("GET http://a.com:8080/x", 8080, null, null, 0, RedirectPort.KeptWithHost, "http://a.com:8080/x")]
    [InlineData("GET http://a.com:8080/x", 8080, null, "b.com", 0, RedirectPort.KeptWithHost, "http://b.com/x")]
    [InlineData("GET http://a.com:80/x", 80, "https", null, 0, RedirectPort.KeptWithHost, "https://a.com/x")]
    [InlineData("GET http://a.com:8080/x", 8080, "https", null, 0, RedirectPort.KeptWithHost, "https://a.com:8080/x")]
    public void Location_SchemeHostPort_AsTheFormatsSay(
        string request, int listener, string? scheme, string? host, int port, RedirectPort whenUnset, string location)
    {
        RedirectTo redirect = new() { Scheme = scheme, Host = host, Port = port == 0 ? null : port, PortWhenUnset = whenUnset };
        Assert.True(RedirectLocation.TryMake(redirect, null, RequestText.Parse(request, listener), out string? made, out _));
        Assert.Equal(location, made);
    }

    [Fact]
    public void Location_WithPath_KeepsQuery()
    {
        RedirectTo redirect = new() { Path = new PathRewrite(PathRewriteKind.Prefix, "/new") };
        PathMatch match = new(PathMatchKind.SegmentPrefix, "/old");
        Assert.True(RedirectLocation.TryMake(redirect, match, RequestText.Parse("GET http://a/old/x?q=1"), out string? made, out _));
        Assert.Equal("http://a/new/x?q=1", made);
    }

    [Fact]
    public void Location_OfABadAuthority_Refused() =>
        Assert.False(RedirectLocation.TryMake(new RedirectTo(), null, RequestText.Parse("GET http://a@b/"), out _, out _));
}
