using System.Net;

namespace Ambient.Core.Addresses;

/// <summary>IPv4-mapped IPv6 addresses, as dual-stack sockets report them, and the IPv4 addresses that they carry.</summary>
public static class MappedAddresses
{
    /// <summary>The endpoint itself unless its address is mapped.</summary>
    public static IPEndPoint Unmap(IPEndPoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return endpoint.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(endpoint.Address.MapToIPv4(), endpoint.Port) : endpoint;
    }
}
