using System.Globalization;

namespace Ambient.Routing.Patterns;

/// <summary>What stands after a backslash and is one character or one class; <c>at</c> is on the character after the backslash.</summary>
internal static class Re2Escape
{
    private static readonly HashSet<string> Categories = new(StringComparer.Ordinal)
    {
        "L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po",
        "S", "Sm", "Sc", "Sk", "So", "Z", "Zs", "Zl", "Zp", "C", "Cc", "Cf", "Co",
    };

    public static char Character(string text, ref int at)
    {
        char c = text[at++];
        switch (c)
        {
            case 'a': return '\a';
            case 'f': return '\f';
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'v': return '\v';
            case 'x': return Hex(text, ref at);
            case >= '0' and <= '7': return Octal(text, ref at, c);
        }

        return char.IsAsciiLetterOrDigit(c) || c > '\x7f'
            ? throw new Re2Exception($@"\{c} is not part of RE2")
            : c;
    }

    /// <summary>Adds <c>\d</c>, <c>\pL</c>, <c>\P{Lu}</c>, … to the set.</summary>
    public static void AddClass(string text, ref int at, Re2Set set)
    {
        char c = text[at++];
        if (c is 'p' or 'P')
        {
            AddCategory(text, ref at, set, negated: c == 'P');
            return;
        }

        set.AddNamed(char.ToLowerInvariant(c).ToString(), negated: char.IsAsciiLetterUpper(c));
    }

    private static void AddCategory(string text, ref int at, Re2Set set, bool negated)
    {
        string name;
        if (at < text.Length && text[at] == '{')
        {
            int end = text.IndexOf('}', at);
            name = end < 0 ? "" : text[(at + 1)..end];
            at = end < 0 ? text.Length : end + 1;
        }
        else
        {
            name = at < text.Length ? text[at].ToString() : "";
            at++;
        }

        if (name.StartsWith('^'))
        {
            negated = !negated;
            name = name[1..];
        }

        if (!Categories.Contains(name))
        {
            throw new Re2Exception($@"\p{{{name}}}: only general categories of Unicode are supported");
        }

        set.AddCategory(name, negated);
    }

    private static char Octal(string text, ref int at, char first)
    {
        bool more = at < text.Length && text[at] is >= '0' and <= '7';
        if (first != '0' && !more)
        {
            throw new Re2Exception($@"\{first}: back-references are not part of RE2");
        }

        int value = first - '0';
        for (int i = 0; i < 2 && at < text.Length && text[at] is >= '0' and <= '7'; i++)
        {
            value = (value * 8) + (text[at++] - '0');
        }

        return (char)value;
    }

    private static char Hex(string text, ref int at)
    {
        bool braces = at < text.Length && text[at] == '{';
        int end = braces ? text.IndexOf('}', at) : at + 2;
        int start = braces ? at + 1 : at;
        if (end < 0 || end > text.Length || end - start is 0 or > 8
            || !int.TryParse(text.AsSpan(start, end - start), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value))
        {
            throw new Re2Exception(@"\x is followed by two hexadecimal digits, or by some in braces");
        }

        at = braces ? end + 1 : end;
        return value is >= 0 and <= 0xFFFF ? (char)value : throw new Re2Exception("characters beyond U+FFFF are not supported");
    }
}
