using System.Net;
using Ambient.Core.Routes;
using Ambient.Routing.Matching;

namespace Ambient.Routing.Tests.Matching;

public class ConnectionRulesTests
{
    private static readonly RouteOrigin Origin = new("VirtualService", "shop", "vs", 0);

    [Theory]
    [InlineData("a.example.com", "a.example.com", true)]
    [InlineData("*.example.com", "a.example.com", true)]
    [InlineData("*.example.com", "a.b.example.com", true)]
    [InlineData("*.example.com", "example.com", false)]
    [InlineData("*", "anything", true)]
    [InlineData("a.example.com", "b.example.com", false)]
    public void ServerName_OfARule_TakenOrNot(string name, string asked, bool taken)
    {
        RouteMatcher matcher = RouteMatcher.Of(new RouteTable
        {
            Host = "*",
            Tls = [new TlsRule { Origin = Origin, ServerNames = [name], Backends = [RouteText.Backend("a")] }],
        });
        Assert.Equal(taken, matcher.MatchTls(asked, Source("10.0.0.1", 443)) is not null);
    }

    [Theory]
    [InlineData("10.1.2.3", 27017, "subnet")]
    [InlineData("10.2.2.3", 27017, "port")]
    [InlineData("::ffff:10.1.2.3", 1, "subnet")]
    [InlineData("10.2.2.3", 1, null)]
    public void Tcp_SubnetsAndPorts_FirstRuleWins(string address, int port, string? rule)
    {
        RouteMatcher matcher = RouteMatcher.Of(new RouteTable
        {
            Host = "*",
            Tcp =
            [
                Rule("subnet", new ConnectionMatch { DestinationSubnets = [IPNetwork.Parse("10.1.0.0/16")] }),
                Rule("port", new ConnectionMatch { Port = 27017 }),
            ],
        });
        Assert.Equal(rule, matcher.MatchTcp(Source(address, port))?.Origin.Rule);
    }

    private static TcpRule Rule(string name, ConnectionMatch match) =>
        new() { Origin = Origin with { RuleName = name }, Matches = [match], Backends = [RouteText.Backend("a")] };

    private static ConnectionSource Source(string address, int port) => new() { Destination = IPAddress.Parse(address), Port = port };
}
