using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace Ambient.Policy.Tokens;

/// <summary>
/// base64url as RFC 7515 §2 has it: no padding, no white space, no other alphabet, and unused bits of the last character are 0, so that one value
/// has one text.
/// </summary>
internal static class Base64UrlText
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private static readonly System.Buffers.SearchValues<char> Known = System.Buffers.SearchValues.Create(Alphabet);

    public static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (text.Length % 4 == 1 || text.ContainsAnyExcept(Known) || !EndsClean(text))
        {
            return false;
        }

        bytes = Base64Url.DecodeFromChars(text);
        return true;
    }

    private static bool EndsClean(ReadOnlySpan<char> text)
    {
        int unused = (text.Length % 4) switch { 2 => 0b1111, 3 => 0b11, _ => 0 };
        return unused == 0 || (Alphabet.IndexOf(text[^1], StringComparison.Ordinal) & unused) == 0;
    }
}
