using System.Net;
using System.Text;
using Ambient.Ztunnel.Inbound;

namespace Ambient.Ztunnel.Tests.Inbound;

/// <summary>Bytes by the PROXY protocol's own description (version 2, §2.2).</summary>
public sealed class ProxyHeaderTests
{
    private const string Signature = "0d0a0d0a000d0a515549540a";

    [Fact]
    public void Four_byte_addresses_and_identity()
    {
        byte[] header = ProxyHeader.Build(IPEndPoint.Parse("10.1.2.3:40000"), IPEndPoint.Parse("10.4.5.6:8080"), "spiffe://td/ns/n/sa/s");

        const string identity = "spiffe://td/ns/n/sa/s";
        string expected = Signature
            + "21" // version 2, PROXY
            + "11" // IPv4, STREAM
            + "0024" // 12 of addresses, 3 + 21 of the TLV
            + "0a010203" + "0a040506" + "9c40" + "1f90"
            + "d0" + "0015" + Convert.ToHexStringLower(Encoding.UTF8.GetBytes(identity));
        Assert.Equal(expected, Convert.ToHexStringLower(header));
    }

    [Fact]
    public void Sixteen_byte_addresses_without_identity()
    {
        byte[] header = ProxyHeader.Build(IPEndPoint.Parse("[fd00::1]:1"), IPEndPoint.Parse("[fd00::2]:65535"), null);

        Assert.Equal(
            Signature + "21" + "21" + "0024" + "fd000000000000000000000000000001" + "fd000000000000000000000000000002" + "0001" + "ffff",
            Convert.ToHexStringLower(header));
    }

    [Fact]
    public void Mixed_families_become_sixteen_bytes()
    {
        byte[] header = ProxyHeader.Build(IPEndPoint.Parse("10.1.2.3:1"), IPEndPoint.Parse("[fd00::2]:2"), null);

        Assert.Equal(
            Signature + "21" + "21" + "0024" + "00000000000000000000ffff0a010203" + "fd000000000000000000000000000002" + "0001" + "0002",
            Convert.ToHexStringLower(header));
    }
}
