using System.Collections.Immutable;
using Ambient.Core;
using Ambient.Core.Gateways;
using Ambient.Core.Routes;
using Ambient.Routing.Gateways;
using Ambient.Routing.Matching;

namespace Ambient.Routing.Tests.Gateways;

public sealed class GatewayPortTests
{
    private static readonly NamespacedName Owner = new("edge", "web");

    [Theory]
    [InlineData("a.example.com", "exact")]
    [InlineData("b.example.com", "wide")]
    [InlineData("x.b.example.com", "narrow")]
    [InlineData("b.example.org", "all")]
    [InlineData("example.com", "all")]
    [InlineData("", "all")]
    public void ServerName_OfSeveralListeners_TheClosestHasIt(string name, string listener) => Assert.Equal(
        listener, Tls(("all", ""), ("wide", "*.example.com"), ("narrow", "*.b.example.com"), ("exact", "a.example.com")).ForServerName(name)?.Name);

    [Theory]
    [InlineData("b.example.org")]
    [InlineData("")]
    [InlineData(null)]
    public void ServerName_OfNoListener_IsNobodys(string? name) => Assert.Null(Tls(("exact", "a.example.com")).ForServerName(name));

    [Theory]
    [InlineData("exact", "a.example.com", GatewayOutcome.Found)]
    [InlineData("wide", "b.example.com", GatewayOutcome.Found)]
    [InlineData("wide", "a.example.com", GatewayOutcome.Misdirected)]
    [InlineData("exact", "b.example.com", GatewayOutcome.Misdirected)]
    [InlineData("exact", "c.example.org", GatewayOutcome.NoHost)]
    public void Host_OfATlsConnection_MustBeItsListeners(string connection, string host, GatewayOutcome outcome)
    {
        var port = Tls(("wide", "*.example.com"), ("exact", "a.example.com"));
        var routes = RouteIndex.Of([Table("wide", "*.example.com"), Table("exact", "a.example.com")]);

        Assert.Equal(outcome, port.ForHost(routes, host, port.Listeners.Single(l => l.Name == connection)).Outcome);
    }

    [Fact]
    public void Host_OfAnIsolatedListener_HasNoRoutesOfAnother()
    {
        var port = Port(ListenerProtocol.Http, ("all", ""), ("exact", "a.example.com"));
        var routes = RouteIndex.Of([Table("all", "*")]);

        Assert.Equal((GatewayOutcome.NoHost, "exact"), Summary(port.ForHost(routes, "a.example.com", null)));
        Assert.Equal((GatewayOutcome.Found, "all"), Summary(port.ForHost(routes, "b.example.com", null)));
    }

    [Fact]
    public void Host_OfServersThatShare_HasTheClosestRoutesOfAll()
    {
        var port = Shared(("0:http", "*"), ("1:http", "*.example.com"));
        var routes = RouteIndex.Of([Table("0:http", "a.example.com"), Table("1:http", "*.example.com")]);

        Assert.Equal((GatewayOutcome.Found, "0:http"), Summary(port.ForHost(routes, "a.example.com", null)));
        Assert.Equal((GatewayOutcome.Found, "1:http"), Summary(port.ForHost(routes, "b.example.com", null)));
        Assert.Equal((GatewayOutcome.NoHost, "0:http"), Summary(port.ForHost(routes, "b.example.org", null)));
    }

    [Fact]
    public void Host_OfAServerThatRedirects_IsRedirectedThoughItHasRoutes()
    {
        var port = Shared(("0:http", "a.example.com"), ("1:http", "b.example.com"));
        port = Port([port.Listeners[0] with { HttpsRedirect = true }, port.Listeners[1]]);
        var routes = RouteIndex.Of([Table("0:http", "a.example.com"), Table("1:http", "b.example.com")]);

        Assert.Equal(GatewayOutcome.HttpsRedirect, port.ForHost(routes, "a.example.com", null).Outcome);
        Assert.Equal(GatewayOutcome.Found, port.ForHost(routes, "b.example.com", null).Outcome);
    }

    [Fact]
    public void Stream_OfAPort_HasTheRoutesForItsServerNameOrForAll()
    {
        var tcp = Port(ListenerProtocol.Tcp, ("db", ""));
        var tls = Tls(("pass", "*.example.com"));
        var routes = RouteIndex.Of([Table("db", "*"), Table("pass", "a.example.com")]);

        Assert.NotNull(tcp.ForStream(routes, tcp.Listeners[0], null));
        Assert.NotNull(tls.ForStream(routes, tls.Listeners[0], "a.example.com"));
        Assert.Null(tls.ForStream(routes, tls.Listeners[0], "b.example.com"));
    }

    private static (GatewayOutcome Outcome, string? Listener) Summary(GatewayMatch match) => (match.Outcome, match.Listener?.Name);

    private static GatewayPort Tls(params (string Name, string Host)[] listeners) => Port(ListenerProtocol.Https, listeners);

    private static GatewayPort Shared(params (string Name, string Host)[] listeners) =>
        Port([.. Port(ListenerProtocol.Http, listeners).Listeners.Select(l => l with { SharesHosts = true })]);

    private static GatewayPort Port(ListenerProtocol protocol, params (string Name, string Host)[] listeners) => Port(
    [
        .. listeners.Select(l => new GatewayListener { Owner = Owner, Name = l.Name, Port = 443, Protocol = protocol, Hostnames = l.Host.Length == 0 ? [] : [l.Host] }),
    ]);

    private static GatewayPort Port(ImmutableArray<GatewayListener> listeners) => Assert.Single(
        GatewayPorts.Of(new GatewayConfig { Name = Owner, ServiceAccount = Owner, Listeners = listeners }).All);

    private static RouteTable Table(string listener, string host) => new() { Scope = RouteScope.Gateway, Gateway = Owner, Listener = listener, Host = host, Port = 443 };
}
