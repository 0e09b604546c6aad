using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Ambient.Routing.Canonicalising;

/// <summary>Host and port that a request names (<c>:authority</c>, <c>Host</c>).</summary>
/// <param name="Host">Lower-case, without a trailing dot; IPv6 addresses in brackets.</param>
/// <param name="Port">Null when it names none.</param>
public readonly record struct RequestAuthority(string Host, int? Port)
{
    private const int MaxLength = 255 + 6;

    private static readonly SearchValues<char> HostCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._");

    private static readonly SearchValues<char> AddressCharacters = SearchValues.Create("0123456789abcdefABCDEF:.");

    /// <summary>False for anything that is not a host with an optional port: user names, paths, spaces, empty labels.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out RequestAuthority authority)
    {
        authority = default;
        if (text is not { Length: > 0 and <= MaxLength })
        {
            return false;
        }

        int end = text[0] == '[' ? text.IndexOf(']', StringComparison.Ordinal) + 1 : text.IndexOf(':', StringComparison.Ordinal);
        end = end < 0 ? text.Length : end;
        ReadOnlySpan<char> host = text.AsSpan(0, end);
        int? port = null;
        if (end < text.Length)
        {
            if (text[end] != ':' || !TryPort(text.AsSpan(end + 1), out int named))
            {
                return false;
            }

            port = named;
        }

        host = host.EndsWith(".") ? host[..^1] : host;
        if (!(host.StartsWith("[") ? IsAddress(host) : IsName(host)))
        {
            return false;
        }

        authority = new RequestAuthority(host.ContainsAnyInRange('A', 'Z') ? host.ToString().ToLowerInvariant() : Same(text, host), port);
        return true;
    }

    private static string Same(string text, ReadOnlySpan<char> host) => host.Length == text.Length ? text : host.ToString();

    private static bool IsName(ReadOnlySpan<char> host) =>
        !host.IsEmpty && !host.ContainsAnyExcept(HostCharacters) && host[0] != '.' && !host.Contains("..", StringComparison.Ordinal);

    private static bool IsAddress(ReadOnlySpan<char> host) => host.Length > 4 && !host[1..^1].ContainsAnyExcept(AddressCharacters);

    private static bool TryPort(ReadOnlySpan<char> text, out int port)
    {
        port = 0;
        return text.Length is > 0 and <= 5
            && !text.ContainsAnyExceptInRange('0', '9')
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port)
            && port is > 0 and <= ushort.MaxValue;
    }
}
