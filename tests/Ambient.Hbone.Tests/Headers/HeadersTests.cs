using System.Net;
using Ambient.Hbone.Headers;

namespace Ambient.Hbone.Tests.Headers;

public class HeadersTests
{
    [Theory]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", true)]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00", true)]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("0000000000000000000000000000000000000000000000000000000", false)]
    [InlineData("00-0af7651916cd43dd8448eb211c80319cxb7ad6b7169203331-01", false)]
    [InlineData("00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", false)]
    [InlineData("00-00000000000000000000000000000000-b7ad6b7169203331-01", false)]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01", false)]
    [InlineData("01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", false)]
    [InlineData("-------------------------------------------------------", false)]
    public void TraceParent_IsAcceptedOnlyInItsForm(string? text, bool valid)
    {
        Assert.Equal(valid, TraceParent.IsValid(text));
        string accepted = TraceParent.AcceptOrCreate(text);
        Assert.True(TraceParent.IsValid(accepted));
        Assert.Equal(valid, accepted == text);
    }

    [Theory]
    [InlineData("for=\"10.1.2.3:4567\"", "10.1.2.3:4567", null)]
    [InlineData("for=\"[fd00::1]:4567\";host=orders.shop.svc.cluster.local", "[fd00::1]:4567", "orders.shop.svc.cluster.local")]
    [InlineData("host=\"a.b\"", null, "a.b")]
    [InlineData("for=10.1.2.3:1; host=x", "10.1.2.3:1", "x")]
    [InlineData("for=\"10.1.2.3\"", null, null)]
    [InlineData("for=\"fd00::1:80\"", null, null)]
    [InlineData("for=\"[10.1.2.3]:80\"", null, null)]
    [InlineData("for=\"10.1.2.3:99999\"", null, null)]
    [InlineData("for=\"", null, null)]
    [InlineData("host=;for=", null, null)]
    [InlineData("host=a b", null, null)]
    [InlineData(";;;=;=", null, null)]
    public void Forwarded_ReadsWhatIsThere_AndNothingElse(string header, string? source, string? host)
    {
        Forwarded forwarded = Forwarded.Parse(header);

        Assert.Equal(source is null ? null : IPEndPoint.Parse(source), forwarded.For);
        Assert.Equal(host, forwarded.Host);
        Assert.Equal(forwarded, Forwarded.Parse(forwarded.ToString()));
    }

    [Fact]
    public void Baggage_IsWrittenInZtunnelsOrder()
    {
        Baggage baggage = new()
        {
            Zone = "z",
            Cluster = "c",
            Namespace = "n",
            WorkloadType = "pod",
            WorkloadName = "w",
            ServiceName = "s",
            ServiceVersion = "v1",
            Region = "r",
        };

        Assert.Equal(
            "k8s.cluster.name=c,k8s.namespace.name=n,k8s.pod.name=w,service.name=s,service.version=v1,cloud.region=r,cloud.availability_zone=z",
            baggage.ToString());
        Assert.Equal(baggage, Baggage.Parse(baggage.ToString()));
    }

    [Theory]
    [InlineData("k8s.namespace.name=a,unknown=1, service.name=b ", "a", "b")]
    [InlineData("service.name=b;ttl=1", null, "b")]
    [InlineData("service.name=first,service.name=second", null, "first")]
    [InlineData("service.name=", null, null)]
    [InlineData("service.name=a b", null, null)]
    [InlineData("=,=,,;;=", null, null)]
    [InlineData("service.name=\u0001", null, null)]
    public void Baggage_SkipsWhatItCannotRead(string header, string? ns, string? service)
    {
        Baggage baggage = Baggage.Parse(header);

        Assert.Equal((ns, service), (baggage.Namespace, baggage.ServiceName));
    }

    [Fact]
    public void Baggage_OfHostileSizeIsIgnored()
    {
        Assert.Equal(new Baggage(), Baggage.Parse("service.name=" + new string('a', 5000)));
        Assert.Equal(new Baggage(), Baggage.Parse(string.Concat(Enumerable.Repeat("a=b,", 100)) + "service.name=late"));
    }

    [Fact]
    public void RandomBytes_NeverThrow()
    {
        Random random = new(7);
        char[] alphabet = [.. "for=host;\",[]:.0123456789abcdefk8s.name=-\0\u00ff"];
        for (int i = 0; i < 20_000; i++)
        {
            string text = new(random.GetItems(alphabet, random.Next(0, 80)));
            _ = Forwarded.Parse(text).ToString();
            _ = Baggage.Parse(text).ToString();
            _ = TraceParent.AcceptOrCreate(text);
        }
    }
}
