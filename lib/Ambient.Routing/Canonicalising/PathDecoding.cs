using System.Buffers;
using System.Globalization;
using System.Text;

namespace Ambient.Routing.Canonicalising;

/// <summary>Escapes: unreserved characters lose theirs, all others that may not stand in a path get one, in capitals.</summary>
internal static class PathDecoding
{
    /// <summary>Stands for an escaped dot until dot segments are looked at; nobody can send it, since only ASCII is taken.</summary>
    public const char EscapedDot = '\uE02E';

    private static readonly SearchValues<char> Unreserved = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~");

    private static readonly SearchValues<char> MustBeEscaped = SearchValues.Create("\"<>^`{|}");

    /// <summary>The reason why not, or null. The result may hold <see cref="EscapedDot"/>.</summary>
    public static string? TryDecode(string path, PathNormalization normalization, out string decoded)
    {
        StringBuilder made = new(path.Length + 16);
        decoded = "";
        Utf8Check utf8 = default;
        for (int i = 0; i < path.Length; i++)
        {
            char c = path[i];
            if (c != '%')
            {
                if (utf8.IsOpen)
                {
                    return Utf8Check.Reason;
                }

                if (c is <= ' ' or >= '\x7f')
                {
                    return c == '\0' ? "the path has a NUL" : "the path has a character that must be escaped";
                }

                Append(made, c == '\\' ? '/' : c);
                continue;
            }

            if (!TryByte(path, i, out byte value))
            {
                return "the path has a % without two hexadecimal digits";
            }

            i += 2;
            string? reason = !utf8.Take(value) ? Utf8Check.Reason : AppendByte(made, value, normalization);
            if (reason is not null)
            {
                return reason;
            }
        }

        decoded = made.ToString();
        return utf8.IsOpen ? Utf8Check.Reason : null;
    }

    public static string Literal(string path)
    {
        StringBuilder made = new(path.Length);
        Span<byte> bytes = stackalloc byte[4];
        for (int i = 0; i < path.Length; i++)
        {
            if (path[i] == '%' && TryByte(path, i, out byte value))
            {
                i += 2;
                if (Unreserved.Contains((char)value))
                {
                    made.Append((char)value);
                }
                else
                {
                    Escape(made, value);
                }
            }
            else if (path[i] <= ' ' || path[i] >= '\x7f')
            {
                Rune.DecodeFromUtf16(path.AsSpan(i), out Rune rune, out int used);
                i += used - 1;
                foreach (byte b in bytes[..rune.EncodeToUtf8(bytes)])
                {
                    Escape(made, b);
                }
            }
            else
            {
                Append(made, path[i]);
            }
        }

        return made.ToString();
    }

    private static string? AppendByte(StringBuilder made, byte value, PathNormalization normalization)
    {
        switch (value)
        {
            case 0:
                return "the path has an escaped NUL";
            case (byte)'/' or (byte)'\\' when normalization != PathNormalization.DecodeAndMergeSlashes:
                return value == '/' ? "the path has an escaped slash (%2F)" : "the path has an escaped backslash (%5C)";
            case (byte)'/' or (byte)'\\':
                made.Append('/');
                return null;
            case (byte)'.':
                made.Append(EscapedDot);
                return null;
        }

        if (Unreserved.Contains((char)value))
        {
            made.Append((char)value);
        }
        else
        {
            Escape(made, value);
        }

        return null;
    }

    private static void Append(StringBuilder made, char c)
    {
        if (MustBeEscaped.Contains(c))
        {
            Escape(made, (byte)c);
        }
        else
        {
            made.Append(c);
        }
    }

    private static void Escape(StringBuilder made, byte value) =>
        made.Append('%').Append(value.ToString("X2", CultureInfo.InvariantCulture));

    private static bool TryByte(string path, int at, out byte value)
    {
        value = 0;
        return at + 2 < path.Length
            && char.IsAsciiHexDigit(path[at + 1])
            && char.IsAsciiHexDigit(path[at + 2])
            && byte.TryParse(path.AsSpan(at + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
