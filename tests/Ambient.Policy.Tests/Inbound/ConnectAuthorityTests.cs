using Ambient.Policy.Inbound;

namespace Ambient.Policy.Tests.Inbound;

public class ConnectAuthorityTests
{
    [Theory]
    [InlineData("10.0.0.1:80", "10.0.0.1", null, 80)]
    [InlineData("[fd00::1]:443", "fd00::1", null, 443)]
    [InlineData("orders.shop.svc.cluster.local:80", null, "orders.shop.svc.cluster.local", 80)]
    [InlineData("orders:65535", null, "orders", 65535)]
    public void TryParse_Valid_GivesItsParts(string text, string? address, string? hostname, int port)
    {
        Assert.True(ConnectAuthority.TryParse(text, out ConnectAuthority authority));
        Assert.Equal(address, authority.Address?.ToString());
        Assert.Equal(hostname, authority.Hostname);
        Assert.Equal(port, authority.Port);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("10.0.0.1")]
    [InlineData("10.0.0.1:")]
    [InlineData("10.0.0.1:0")]
    [InlineData("10.0.0.1:65536")]
    [InlineData("10.0.0.1:-1")]
    [InlineData("10.0.0.1:+80")]
    [InlineData("10.0.0.1: 80")]
    [InlineData(":80")]
    [InlineData("fd00::1:80")]
    [InlineData("[fd00::1%eth0]:80")]
    [InlineData("[10.0.0.1]:80")]
    [InlineData("[fd00::1:80")]
    [InlineData("10.1:80")]
    [InlineData("010.0.0.1:80")]
    [InlineData("0x7f000001:80")]
    [InlineData("127.1:80")]
    [InlineData("999.0.0.1:80")]
    [InlineData("user@host:80")]
    [InlineData("http://host:80")]
    [InlineData("host/path:80")]
    [InlineData("ho st:80")]
    [InlineData("hôst:80")]
    [InlineData("host.:80")]
    public void TryParse_Invalid_IsRefused(string? text) => Assert.False(ConnectAuthority.TryParse(text, out _));
}
