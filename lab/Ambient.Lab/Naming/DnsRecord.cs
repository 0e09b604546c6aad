using System.Net;

namespace Ambient.Lab.Naming;

/// <summary>A record of the zone; the owner's name is the key it is stored under.</summary>
internal abstract record DnsRecord(DnsType Type)
{
    internal sealed record Host(IPAddress Value)
        : DnsRecord(Value.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? DnsType.Aaaa : DnsType.A);

    /// <summary>CNAME or PTR.</summary>
    internal sealed record Name(DnsType Kind, string Target) : DnsRecord(Kind);

    internal sealed record Service(int Port, string Target, int Weight) : DnsRecord(DnsType.Srv);
}
