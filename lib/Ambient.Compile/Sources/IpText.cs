using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Ambient.Compile.Sources;

/// <summary>
/// Addresses and ranges as people write them, read strictly: four decimal parts or IPv6, no zone, no host names. An IPv4 address
/// in IPv6 form is the IPv4 address.
/// </summary>
internal static class IpText
{
    public static IPAddress Address(JsonView view) => TryAddress(view.Text() ?? "", out var address)
        ? address
        : throw new FieldException(view.Path, $"'{view.Text()}' is not an IP address");

    public static bool TryAddress(string text, out IPAddress address)
    {
        bool strict = text.Contains(':', StringComparison.Ordinal)
            ? !text.AsSpan().ContainsAny('%', '[', ']')
            : text.Split('.') is { Length: 4 } parts && parts.All(static p => p is "0" || (p.Length is > 0 and <= 3 && p[0] is >= '1' and <= '9'));
        if (strict && IPAddress.TryParse(text, out var parsed))
        {
            address = parsed.IsIPv4MappedToIPv6 ? parsed.MapToIPv4() : parsed;
            return true;
        }

        address = IPAddress.None;
        return false;
    }

    /// <summary>An address is a range of one; bits behind the prefix are cleared.</summary>
    public static bool TryRange(string text, out IPNetwork range)
    {
        range = default;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        string head = slash < 0 ? text : text[..slash];
        if (!TryAddress(head, out var address))
        {
            return false;
        }

        bool mapped = address.AddressFamily == AddressFamily.InterNetwork && head.Contains(':', StringComparison.Ordinal);
        int bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        int length = bits;
        if (slash >= 0)
        {
            if (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length))
            {
                return false;
            }

            length -= mapped ? 96 : 0;
        }

        if (length < 0 || length > bits)
        {
            return false;
        }

        range = new IPNetwork(Masked(address, length), length);
        return true;
    }

    private static IPAddress Masked(IPAddress address, int length)
    {
        byte[] bytes = address.GetAddressBytes();
        for (int i = 0; i < bytes.Length; i++)
        {
            int keep = Math.Clamp(length - (i * 8), 0, 8);
            bytes[i] &= (byte)(0xFF << (8 - keep));
        }

        return new IPAddress(bytes);
    }
}
