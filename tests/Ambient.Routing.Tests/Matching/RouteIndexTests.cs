using Ambient.Core;
using Ambient.Core.Routes;
using Ambient.Routing.Matching;

namespace Ambient.Routing.Tests.Matching;

public class RouteIndexTests
{
    private static readonly NamespacedName Edge = new("ingress", "edge");

    [Theory]
    [InlineData("a.b.example.com", "a.b.example.com")]
    [InlineData("x.b.example.com", "*.b.example.com")]
    [InlineData("x.y.b.example.com", "*.b.example.com")]
    [InlineData("b.example.com", "*.example.com")]
    [InlineData("example.com", "*")]
    [InlineData("other", "*")]
    public void Host_SeveralFit_MostSpecificWins(string host, string table)
    {
        RouteIndex index = RouteIndex.Of(
            new[] { "*", "*.example.com", "*.b.example.com", "a.b.example.com" }.Select(h => new RouteTable
            {
                Host = h,
                Scope = RouteScope.Gateway,
                Gateway = Edge,
            }));
        Assert.Equal(table, index.Gateway(Edge, "web", host, 80)!.Table.Host);
    }

    [Fact]
    public void Host_SpecificWithoutThePort_NextOne()
    {
        RouteIndex index = RouteIndex.Of([Mesh("a.shop", 8080), Mesh("*.shop", 0)]);
        Assert.Equal("a.shop", index.Mesh("a.shop", 8080, null)!.Table.Host);
        Assert.Equal("*.shop", index.Mesh("a.shop", 80, null)!.Table.Host);
        Assert.Null(index.Mesh("b.other", 80, null));
    }

    [Fact]
    public void Client_WithItsOwnTable_ReplacesTheOneForEverybody()
    {
        RouteIndex index = RouteIndex.Of([Mesh("a.shop", 80), Mesh("a.shop", 0) with { ClientNamespace = "web" }]);
        Assert.Equal("web", index.Mesh("a.shop", 80, "web")!.Table.ClientNamespace);
        Assert.Null(index.Mesh("a.shop", 80, "other")!.Table.ClientNamespace);
        Assert.Null(index.Mesh("a.shop", 80, null)!.Table.ClientNamespace);
    }

    [Fact]
    public void Listener_WithItsOwnTable_BeforeTheGateways()
    {
        RouteTable all = new() { Host = "*", Scope = RouteScope.Gateway, Gateway = Edge };
        RouteIndex index = RouteIndex.Of([all, all with { Listener = "tls" }]);
        Assert.Equal("tls", index.Gateway(Edge, "tls", "h", 443)!.Table.Listener);
        Assert.Equal("", index.Gateway(Edge, "plain", "h", 80)!.Table.Listener);
        Assert.Null(index.Gateway(new NamespacedName("ingress", "other"), "tls", "h", 443));
        Assert.Null(index.Mesh("h", 80, null));
    }

    [Fact]
    public void Table_OfAnEarlierIndex_IsNotCompiledAgain()
    {
        RouteTable table = Mesh("a.shop", 80);
        Assert.Same(RouteIndex.Of([table]).Mesh("a.shop", 80, null), RouteIndex.Of([table, Mesh("b", 1)]).Mesh("a.shop", 80, null));
    }

    private static RouteTable Mesh(string host, int port) => new() { Host = host, Port = port };
}
