namespace Ambient.Lab.Naming;

/// <summary>Record types of RFC 1035, 3596 and 2782 that the cluster's zone has.</summary>
internal enum DnsType : ushort
{
    A = 1,
    Cname = 5,
    Soa = 6,
    Ptr = 12,
    Aaaa = 28,
    Srv = 33,
    Opt = 41,
    Any = 255,
}
