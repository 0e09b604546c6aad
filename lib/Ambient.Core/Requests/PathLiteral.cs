using System.Buffers;
using System.Globalization;
using System.Text;

namespace Ambient.Core.Requests;

/// <summary>Escapes of paths as canonical ones have them (RFC 3986 §6.2.2): unreserved characters never escaped, others in capitals.</summary>
public static class PathLiteral
{
    private static readonly SearchValues<char> Unreserved = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~");

    private static readonly SearchValues<char> MustBeEscaped = SearchValues.Create("\"<>^`{|}");

    private static readonly SearchValues<char> Changes = SearchValues.Create(
        [.. Enumerable.Range(0, 0x21).Select(c => (char)c), .. "\"<>^`{|}%\u007f"]);

    /// <summary>
    /// A path that somebody configured, so that it can be compared as text with a canonical one. Dot segments and slashes stay as written.
    /// </summary>
    public static string Of(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!path.AsSpan().ContainsAny(Changes) && Ascii.IsValid(path))
        {
            return path;
        }

        StringBuilder made = new(path.Length);
        Span<byte> bytes = stackalloc byte[4];
        for (int i = 0; i < path.Length; i++)
        {
            if (path[i] == '%' && TryByte(path, i, out byte value))
            {
                i += 2;
                Append(made, value);
            }
            else if (path[i] <= ' ' || path[i] >= '\x7f')
            {
                Rune.DecodeFromUtf16(path.AsSpan(i), out Rune rune, out int used);
                i += used - 1;
                foreach (byte b in bytes[..rune.EncodeToUtf8(bytes)])
                {
                    Append(made, b);
                }
            }
            else
            {
                Append(made, path[i]);
            }
        }

        return made.ToString();
    }

    /// <summary>A byte that was escaped.</summary>
    public static void Append(StringBuilder made, byte value)
    {
        ArgumentNullException.ThrowIfNull(made);
        if (Unreserved.Contains((char)value))
        {
            made.Append((char)value);
        }
        else
        {
            made.Append('%').Append(value.ToString("X2", CultureInfo.InvariantCulture));
        }
    }

    /// <summary>An ASCII character that was not.</summary>
    public static void Append(StringBuilder made, char c)
    {
        ArgumentNullException.ThrowIfNull(made);
        if (MustBeEscaped.Contains(c))
        {
            Append(made, (byte)c);
        }
        else
        {
            made.Append(c);
        }
    }

    /// <summary>Reads <c>%XX</c>.</summary>
    public static bool TryByte(string path, int at, out byte value)
    {
        ArgumentNullException.ThrowIfNull(path);
        value = 0;
        return at + 2 < path.Length
            && char.IsAsciiHexDigit(path[at + 1])
            && char.IsAsciiHexDigit(path[at + 2])
            && byte.TryParse(path.AsSpan(at + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
