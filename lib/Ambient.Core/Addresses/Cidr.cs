using System.Net;

namespace Ambient.Core.Addresses;

/// <summary>A range of addresses, ready for comparison without allocation.</summary>
public readonly record struct Cidr
{
    private const int MappedBits = 96;

    public Cidr(IPAddress address, int prefixLength)
    {
        ArgumentNullException.ThrowIfNull(address);
        bool mapped = address.IsIPv4MappedToIPv6 && prefixLength >= MappedBits;
        int length = mapped ? prefixLength - MappedBits : prefixLength;

        // ::ffff:10.0.0.0/104 is 10.0.0.0/8; a prefix that ends before the IPv4 part stays IPv6.
        AddressBits bits = address.IsIPv4MappedToIPv6 && !mapped ? AddressBits.OfIPv6(address) : AddressBits.Of(address);
        ArgumentOutOfRangeException.ThrowIfNegative(length, nameof(prefixLength));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, bits.Width, nameof(prefixLength));
        PrefixLength = length;
        Network = bits.Masked(length);
    }

    /// <summary>The first address of the range.</summary>
    public AddressBits Network { get; }

    public int PrefixLength { get; }

    public static Cidr Of(IPNetwork network) => new(network.BaseAddress, network.PrefixLength);

    /// <summary>False for an address of the other family.</summary>
    public bool Contains(AddressBits address) =>
        address.IsIPv4 == Network.IsIPv4 && address.Masked(PrefixLength).Value == Network.Value;
}
