namespace Ambient.Routing.Patterns;

/// <summary>What stands after <c>(?</c>.</summary>
internal static class Re2GroupHead
{
    /// <summary>True for flags without a group, <c>(?i)</c>; otherwise a group is open. <paramref name="at"/> moves past the head.</summary>
    public static bool Read(string text, ref int at, ref Re2Flags flags, out bool captures)
    {
        captures = false;
        if (Named(text, ref at))
        {
            captures = true;
            return false;
        }

        bool on = true;
        bool any = false;
        for (; at < text.Length; at++)
        {
            switch (text[at])
            {
                case ':' when on || any:
                    at++;
                    return false;
                case ')' when any:
                    at++;
                    return true;
                case '-' when on:
                    on = any = false;
                    break;
                case 'i' or 'm' or 's' or 'U':
                    flags = flags.With(text[at], on);
                    any = true;
                    break;
                case '=' or '!':
                    throw new Re2Exception("lookahead is not part of RE2");
                case '<':
                    throw new Re2Exception("lookbehind is not part of RE2");
                case var c:
                    throw new Re2Exception($"(?{c} is not part of RE2");
            }
        }

        throw new Re2Exception("missing closing )");
    }

    // (?P<name> and (?<name>: numbered like any other group, as in RE2; .NET would number named ones last.
    private static bool Named(string text, ref int at)
    {
        ReadOnlySpan<char> rest = text.AsSpan(at);
        int skip = rest.StartsWith("P<") ? 2 : rest.StartsWith("<") && !rest.StartsWith("<=") && !rest.StartsWith("<!") ? 1 : 0;
        if (skip == 0)
        {
            return false;
        }

        int end = rest.IndexOf('>');
        ReadOnlySpan<char> name = end > skip ? rest[skip..end] : [];
        if (name.IsEmpty || name.ContainsAnyExcept(NameCharacters))
        {
            throw new Re2Exception("a group's name is letters, digits and _");
        }

        at += end + 1;
        return true;
    }

    private static readonly System.Buffers.SearchValues<char> NameCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
}
