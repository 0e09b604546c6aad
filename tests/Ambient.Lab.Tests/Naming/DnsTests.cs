using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Text;
using Ambient.Lab.Naming;
using Ambient.Lab.Network;

namespace Ambient.Lab.Tests.Naming;

public sealed class DnsTests
{
    private static readonly DnsZone Zone = DnsZone.Of(
    [
        new ServiceView { Namespace = "shop", Name = "web", ClusterIps = [IPAddress.Parse("10.96.0.5"), IPAddress.Parse("fd00:96::5")], Ports = [new("http", "tcp", 80)] },
        new ServiceView
        {
            Namespace = "shop",
            Name = "peers",
            Ports = [new("http", "tcp", 80)],
            Endpoints =
            [
                new EndpointView(IPAddress.Parse("10.244.1.7"), ImmutableDictionary<string, int>.Empty.Add("http", 8080), "peers-0"),
                new EndpointView(IPAddress.Parse("10.244.2.9"), ImmutableDictionary<string, int>.Empty.Add("http", 8081), null),
            ],
        },
        new ServiceView { Namespace = "shop", Name = "empty", Ports = [new("", "tcp", 80)] },
        new ServiceView { Namespace = "shop", Name = "alias", ExternalName = "Web.shop.svc.cluster.local" },
        new ServiceView { Namespace = "shop", Name = "loop", ExternalName = "loop.shop.svc.cluster.local" },
    ]);

    [Theory]
    [InlineData("web.shop.svc.cluster.local", nameof(DnsType.A), "10.96.0.5")]
    [InlineData("WEB.Shop.svc.cluster.LOCAL", nameof(DnsType.A), "10.96.0.5")]
    [InlineData("web.shop.svc.cluster.local", nameof(DnsType.Aaaa), "fd00:96::5")]
    [InlineData("peers.shop.svc.cluster.local", nameof(DnsType.A), "10.244.1.7 10.244.2.9")]
    [InlineData("peers-0.peers.shop.svc.cluster.local", nameof(DnsType.A), "10.244.1.7")]
    [InlineData("10-244-2-9.peers.shop.svc.cluster.local", nameof(DnsType.A), "10.244.2.9")]
    [InlineData("10-244-3-4.shop.pod.cluster.local", nameof(DnsType.A), "10.244.3.4")]
    [InlineData("alias.shop.svc.cluster.local", nameof(DnsType.A), "10.96.0.5 web.shop.svc.cluster.local")]
    [InlineData("alias.shop.svc.cluster.local", nameof(DnsType.Cname), "web.shop.svc.cluster.local")]
    [InlineData("5.0.96.10.in-addr.arpa", nameof(DnsType.Ptr), "web.shop.svc.cluster.local")]
    [InlineData("7.1.244.10.in-addr.arpa", nameof(DnsType.Ptr), "peers-0.peers.shop.svc.cluster.local")]
    [InlineData("_http._tcp.web.shop.svc.cluster.local", nameof(DnsType.Srv), "80 web.shop.svc.cluster.local")]
    [InlineData("_http._tcp.peers.shop.svc.cluster.local", nameof(DnsType.Srv), "8080 peers-0.peers.shop.svc.cluster.local 8081 10-244-2-9.peers.shop.svc.cluster.local")]
    public void Question_ForAKnownName_IsAnswered(string name, string type, string expected)
    {
        var (code, answers) = Ask(name, Enum.Parse<DnsType>(type));
        Assert.Equal(0, code);
        Assert.Equal(expected.Split(' ').Order(), string.Join(' ', answers).Split(' ').Order());
    }

    [Theory]
    [InlineData("nobody.shop.svc.cluster.local", nameof(DnsType.A), 3)]
    [InlineData("example.com", nameof(DnsType.A), 3)]
    [InlineData("x-y.shop.pod.cluster.local", nameof(DnsType.A), 3)]
    [InlineData("shop.svc.cluster.local", nameof(DnsType.A), 0)]
    [InlineData("empty.shop.svc.cluster.local", nameof(DnsType.A), 0)]
    [InlineData("web.shop.svc.cluster.local", nameof(DnsType.Srv), 0)]
    public void Question_WithoutAnswer_TellsNoNameFromNoData(string name, string type, int code)
    {
        var (actual, answers) = Ask(name, Enum.Parse<DnsType>(type));
        Assert.Equal(code, actual);
        Assert.Empty(answers);
    }

    [Fact]
    public void Alias_OfItself_Ends() => Assert.Equal(0, Ask("loop.shop.svc.cluster.local", DnsType.A).Code);

    [Fact]
    public void Answer_TooLongForItsPacket_IsCutAndMarked()
    {
        var many = Enumerable.Range(1, 200).Select(i => new EndpointView(IPAddress.Parse($"10.244.1.{i}"), ImmutableDictionary<string, int>.Empty, null));
        var zone = DnsZone.Of([new ServiceView { Namespace = "a", Name = "b", Endpoints = [.. many] }]);
        var query = Query("b.a.svc.cluster.local", DnsType.A);
        var question = DnsQuestion.Parse(query)!.Value;
        var answer = DnsAnswer.Write(zone, question, query, question.UdpSize);
        Assert.True(answer.Length <= 512);
        Assert.Equal(2, answer[2] & 2);
        Assert.True(DnsAnswer.Write(zone, question, query, ushort.MaxValue).Length > 512);
    }

    [Fact]
    public void Parse_OfRandomBytes_NeverThrows()
    {
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = i % 2 == 0 ? new byte[random.Next(0, 80)] : Query("web.shop.svc.cluster.local", DnsType.A);
            for (var j = 0; j < (i % 2 == 0 ? bytes.Length : 3); j++)
            {
                bytes[i % 2 == 0 ? j : random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            if (DnsQuestion.Parse(bytes) is { } question)
            {
                DnsAnswer.Write(Zone, question, bytes, 512);
            }
        }
    }

    private static (int Code, List<string> Answers) Ask(string name, DnsType type)
    {
        var query = Query(name, type);
        var question = DnsQuestion.Parse(query)!.Value;
        var message = DnsAnswer.Write(Zone, question, query, ushort.MaxValue);
        var at = question.Bytes;
        var answers = new List<string>();
        for (var i = 0; i < BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(6)); i++)
        {
            ReadName(message, ref at);
            var kind = (DnsType)BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(at));
            var length = BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(at + 8));
            var data = at + 10;
            at = data + length;
            answers.Add(kind switch
            {
                DnsType.A or DnsType.Aaaa => new IPAddress(message.AsSpan(data, length)).ToString(),
                DnsType.Srv => $"{BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(data + 4))} {Name(message, data + 6)}",
                _ => Name(message, data),
            });
        }

        return (message[3] & 15, answers);
    }

    private static byte[] Query(string name, DnsType type)
    {
        var bytes = new List<byte> { 0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0 };
        foreach (var label in name.Split('.'))
        {
            bytes.Add((byte)label.Length);
            bytes.AddRange(Encoding.ASCII.GetBytes(label));
        }

        bytes.AddRange([0, 0, (byte)type, 0, 1]);
        return [.. bytes];
    }

    private static string Name(byte[] message, int at) => ReadName(message, ref at);

    private static string ReadName(byte[] message, ref int at)
    {
        var labels = new List<string>();
        while (message[at] != 0)
        {
            labels.Add(Encoding.ASCII.GetString(message, at + 1, message[at]));
            at += message[at] + 1;
        }

        at++;
        return string.Join('.', labels);
    }
}
