using Ambient.Routing.Canonicalising;

namespace Ambient.Routing.Tests.Canonicalising;

public class RequestAuthorityTests
{
    [Theory]
    [InlineData("orders", "orders", null)]
    [InlineData("Orders.Shop.SVC:8080", "orders.shop.svc", 8080)]
    [InlineData("example.com.", "example.com", null)]
    [InlineData("example.com.:80", "example.com", 80)]
    [InlineData("10.0.0.1:1", "10.0.0.1", 1)]
    [InlineData("[fd00::1]", "[fd00::1]", null)]
    [InlineData("[FD00::1]:443", "[fd00::1]", 443)]
    public void Authority_HostAndPort_Read(string text, string host, int? port)
    {
        Assert.True(RequestAuthority.TryParse(text, out RequestAuthority authority));
        Assert.Equal((host, port), (authority.Host, authority.Port));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("user@host")]
    [InlineData("host:")]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    [InlineData("host:80:80")]
    [InlineData("host/path")]
    [InlineData("ho st")]
    [InlineData("a..b")]
    [InlineData(".a")]
    [InlineData(".")]
    [InlineData(":80")]
    [InlineData("[::1")]
    [InlineData("[]")]
    [InlineData("[::1]x")]
    [InlineData("host,other")]
    [InlineData("hôst")]
    public void Authority_Anything_Else_Refused(string? text) => Assert.False(RequestAuthority.TryParse(text, out _));
}
