using System.Net;
using System.Net.Sockets;
using Ambient.Waypoint.Listening.Gateways.Datagrams;
using Ambient.Waypoint.Mesh;

namespace Ambient.Waypoint.Tests.Listening.Gateways.Datagrams;

public sealed class DatagramTableTests
{
    private static readonly DatagramLimits Limits = new() { Most = 3, MostOfPort = 4, MostOfAddress = 2 };

    [Fact]
    public void Address_WithAllItMayHave_GetsNoMore_AndOthersDo()
    {
        var table = new DatagramTable(Limits, new DatagramBudget(100));
        using DatagramSession first = Session(table, "192.0.2.1", 1), second = Session(table, "192.0.2.1", 2);

        Assert.False(table.TryReserve(IPAddress.Parse("192.0.2.1")));
        Assert.True(table.TryReserve(IPAddress.Parse("192.0.2.2")));

        Assert.True(table.Remove(first));
        Assert.False(table.Remove(first));
        Assert.True(table.TryReserve(IPAddress.Parse("192.0.2.1")));
        Assert.Same(second, table.Find(second.Key));
        Assert.Null(table.Find(first.Key));
    }

    [Fact]
    public void Ports_ThatShareABudget_AreFullTogether()
    {
        var budget = new DatagramBudget(Limits.Most);
        DatagramTable one = new(Limits, budget), other = new(Limits, budget);
        using DatagramSession session = Session(one, "192.0.2.1", 1);
        Assert.True(other.TryReserve(IPAddress.Parse("192.0.2.1")));
        Assert.True(other.TryReserve(IPAddress.Parse("192.0.2.2")));

        Assert.False(one.TryReserve(IPAddress.Parse("192.0.2.3")));

        other.Release(IPAddress.Parse("192.0.2.2"));
        Assert.True(one.TryReserve(IPAddress.Parse("192.0.2.3")));
    }

    [Fact]
    public void Port_WithAllSessionsItMayHave_IsFull()
    {
        var table = new DatagramTable(Limits with { MostOfPort = 1 }, new DatagramBudget(100));
        using DatagramSession session = Session(table, "192.0.2.1", 1);

        Assert.False(table.TryReserve(IPAddress.Parse("192.0.2.9")));
    }

    private static DatagramSession Session(DatagramTable table, string address, int port)
    {
        IPEndPoint client = new(IPAddress.Parse(address), port);
        Assert.True(table.TryReserve(client.Address));
        DatagramSession session = new(client.Serialize(), client, client, new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp), WaypointState.Empty);
        table.Add(session);
        return session;
    }
}
