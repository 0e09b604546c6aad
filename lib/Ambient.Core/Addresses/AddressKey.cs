using System.Net;

namespace Ambient.Core.Addresses;

/// <summary>A network and an address, comparable without allocation.</summary>
internal readonly record struct AddressKey(string Network, AddressBits Address)
{
    public AddressKey(string network, IPAddress address)
        : this(network, AddressBits.Of(address))
    {
    }
}
