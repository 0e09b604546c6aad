using System.Net;

namespace Ambient.Hbone.Headers;

/// <summary>
/// The <c>forwarded</c> header as HBONE uses it (RFC 7239): <c>for="IP:PORT"</c>, IPv6 in brackets, and <c>;host=NAME</c> when the
/// destination was a service. Says what the peer claims and is no reason to trust it.
/// </summary>
/// <param name="For">The source of the tunnelled connection; null when it is missing or not an address with a port.</param>
/// <param name="Host">The service's hostname; null when missing or not a hostname.</param>
public readonly record struct Forwarded(IPEndPoint? For, string? Host)
{
    private const int MaxLength = 512;
    private const int MaxHost = 253;

    /// <summary>Never throws; what cannot be read is missing.</summary>
    public static Forwarded Parse(string? header)
    {
        if (header is null || header.Length > MaxLength)
        {
            return default;
        }

        IPEndPoint? source = null;
        string? host = null;
        foreach (Range range in header.AsSpan().Split(';'))
        {
            ReadOnlySpan<char> part = header.AsSpan(range).Trim(' ');
            if (source is null && part.StartsWith("for=", StringComparison.OrdinalIgnoreCase))
            {
                source = ReadEndPoint(Unquoted(part[4..]));
            }
            else if (host is null && part.StartsWith("host=", StringComparison.OrdinalIgnoreCase))
            {
                host = ReadHost(Unquoted(part[5..]));
            }
        }

        return new Forwarded(source, host);
    }

    public override string ToString()
    {
        string source = For is null ? "" : $"for=\"{For}\"";
        return Host is null ? source : For is null ? $"host={Host}" : $"{source};host={Host}";
    }

    private static ReadOnlySpan<char> Unquoted(ReadOnlySpan<char> value) =>
        value is ['"', .. var inside, '"'] ? inside : value;

    // Stricter than IPEndPoint.TryParse, which takes an address without a port.
    private static IPEndPoint? ReadEndPoint(ReadOnlySpan<char> text)
    {
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text[(colon + 1)..], System.Globalization.NumberStyles.None, null, out ushort port))
        {
            return null;
        }

        ReadOnlySpan<char> address = text[..colon];
        bool bracketed = address is ['[', .., ']'];
        if (bracketed)
        {
            address = address[1..^1];
        }

        return !address.Contains('%') && IPAddress.TryParse(address, out IPAddress? ip)
            && bracketed == (ip.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6)
            ? new IPEndPoint(ip, port)
            : null;
    }

    private static string? ReadHost(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text.Length > MaxHost)
        {
            return null;
        }

        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_' or ':' or '[' or ']'))
            {
                return null;
            }
        }

        return text.ToString();
    }
}
