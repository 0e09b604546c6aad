using System.Text;
using Ambient.Core.Requests;

namespace Ambient.Routing.Canonicalising;

/// <summary>Escapes: unreserved characters lose theirs, all others that may not stand in a path get one, in capitals.</summary>
internal static class PathDecoding
{
    /// <summary>Stands for an escaped dot until dot segments are looked at; nobody can send it, since only ASCII is taken.</summary>
    public const char EscapedDot = '\uE02E';

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

                PathLiteral.Append(made, c == '\\' ? '/' : c);
                continue;
            }

            if (!PathLiteral.TryByte(path, i, out byte value))
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
            default:
                PathLiteral.Append(made, value);
                return null;
        }
    }
}
