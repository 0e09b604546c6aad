using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Ambient.Policy.Inbound;

/// <summary>
/// The authority of a CONNECT: <c>ip:port</c>, <c>[ipv6]:port</c> or <c>hostname:port</c>, port 1 to 65535 (RFC 9110 §9.3.6; a
/// CONNECT without a port is invalid).
/// </summary>
internal readonly record struct ConnectAuthority(IPAddress? Address, string? Hostname, int Port)
{
    private const int MaxHostnameLength = 253;

    private static readonly System.Buffers.SearchValues<char> HostnameCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_");

    public static bool TryParse(string? text, out ConnectAuthority authority)
    {
        authority = default;
        int colon = text?.LastIndexOf(':') ?? -1;
        if (colon <= 0
            || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)
            || port == 0)
        {
            return false;
        }

        ReadOnlySpan<char> host = text.AsSpan(0, colon);
        if (host is ['[', .. var bracketed, ']'])
        {
            authority = new ConnectAuthority(ParseAddress(bracketed, AddressFamily.InterNetworkV6), null, port);
            return authority.Address is not null;
        }

        if (ParseAddress(host, AddressFamily.InterNetwork) is { } address)
        {
            authority = new ConnectAuthority(address, null, port);
            return true;
        }

        if (host.Length > MaxHostnameLength || host.ContainsAnyExcept(HostnameCharacters) || LooksNumeric(host))
        {
            return false;
        }

        authority = new ConnectAuthority(null, host.ToString(), port);
        return true;
    }

    // The framework reads "1.2" or "0x7f.1" as addresses as well; only the form that it would write itself is one.
    private static IPAddress? ParseAddress(ReadOnlySpan<char> text, AddressFamily family)
    {
        if (!IPAddress.TryParse(text, out IPAddress? address) || address.AddressFamily != family || text.Contains('%'))
        {
            return null;
        }

        return family == AddressFamily.InterNetwork && !text.SequenceEqual(address.ToString()) ? null : address;
    }

    // A last label of digits is an address that did not parse, never a host name (RFC 1123 §2.1).
    private static bool LooksNumeric(ReadOnlySpan<char> host)
    {
        ReadOnlySpan<char> lastLabel = host[(host.LastIndexOf('.') + 1)..];
        return lastLabel.IsEmpty || !lastLabel.ContainsAnyExceptInRange('0', '9') || lastLabel.StartsWith("0x");
    }
}
