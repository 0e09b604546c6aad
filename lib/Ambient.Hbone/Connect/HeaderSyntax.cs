using System.Buffers;

namespace Ambient.Hbone.Connect;

/// <summary>Names and values as RFC 9113 §8.2.1 and §8.2.2 allow them.</summary>
internal static class HeaderSyntax
{
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~");

    private static readonly SearchValues<char> ValueControls =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Where(c => c != '\t').Select(c => (char)c), '\x7f']);

    private static readonly SearchValues<char> AuthorityCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:[]%");

    public const int MaxAuthority = 300;

    public static bool IsName(string name) => name.Length > 0 && !name.AsSpan().ContainsAnyExcept(NameCharacters);

    /// <summary>No control character, no blank at either end, one byte a character.</summary>
    public static bool IsValue(string value) =>
        !value.AsSpan().ContainsAny(ValueControls)
        && !value.AsSpan().ContainsAnyExceptInRange('\0', '\xff')
        && (value.Length == 0 || (value[0] is not (' ' or '\t') && value[^1] is not (' ' or '\t')));

    /// <summary>The characters of <c>host:port</c>, with a port; whether it leads anywhere is for the handler to say.</summary>
    public static bool IsAuthority(string authority) =>
        authority.Length is > 2 and <= MaxAuthority
        && !authority.AsSpan().ContainsAnyExcept(AuthorityCharacters)
        && authority.LastIndexOf(':') is > 0 and int colon
        && ushort.TryParse(authority.AsSpan(colon + 1), System.Globalization.NumberStyles.None, null, out ushort port) && port > 0;

    public static bool IsConnectionSpecific(string name, string value) =>
        name is "connection" or "proxy-connection" or "keep-alive" or "transfer-encoding" or "upgrade"
        || (name == "te" && value != "trailers");
}
