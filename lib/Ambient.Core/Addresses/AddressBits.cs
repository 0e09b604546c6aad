using System.Buffers.Binary;
using System.Net;

namespace Ambient.Core.Addresses;

/// <summary>
/// An IP address as a number, for lookups that must not allocate. An IPv4-mapped IPv6 address (<c>::ffff:a.b.c.d</c>) is the IPv4
/// address it carries, so that a dual-stack socket cannot make two addresses of one; scope ids do not count.
/// </summary>
public readonly record struct AddressBits
{
    private AddressBits(bool isIPv4, UInt128 value)
    {
        IsIPv4 = isIPv4;
        Value = value;
    }

    public bool IsIPv4 { get; }

    /// <summary>IPv4 in the low 32 bits.</summary>
    public UInt128 Value { get; }

    /// <summary>32 or 128.</summary>
    public int Width => IsIPv4 ? 32 : 128;

    public static AddressBits Of(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[16];
        _ = address.TryWriteBytes(bytes, out int written);
        if (written == 4)
        {
            return new AddressBits(true, BinaryPrimitives.ReadUInt32BigEndian(bytes));
        }

        UInt128 value = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return value >> 32 == MappedPrefix ? new AddressBits(true, (uint)value) : new AddressBits(false, value);
    }

    /// <summary>The address with everything after the first <paramref name="prefixLength"/> bits cleared.</summary>
    public AddressBits Masked(int prefixLength)
    {
        if (prefixLength <= 0)
        {
            return new AddressBits(IsIPv4, UInt128.Zero);
        }

        int cleared = Width - prefixLength;
        return cleared <= 0 ? this : new AddressBits(IsIPv4, (Value >> cleared) << cleared);
    }

    /// <summary>The 128 bits of an IPv6 address as they are, mapped or not.</summary>
    internal static AddressBits OfIPv6(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        _ = address.TryWriteBytes(bytes, out _);
        return new AddressBits(false, BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }

    private static readonly UInt128 MappedPrefix = 0xFFFF;
}
