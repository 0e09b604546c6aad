using System.Text;

namespace Ambient.Routing.Patterns;

/// <summary>A set of characters: ranges and Unicode categories.</summary>
internal sealed class Re2Set
{
    private readonly StringBuilder _items = new();
    private bool _negated;

    /// <summary>Reads what stands after <c>[</c>, up to and with the <c>]</c>.</summary>
    public static Re2Set Read(string text, ref int at, bool ignoreCase)
    {
        Re2Set set = new();
        if (at < text.Length && text[at] == '^')
        {
            set._negated = true;
            at++;
        }

        for (bool first = true; ; first = false)
        {
            char c = at < text.Length ? text[at] : throw new Re2Exception("missing closing ]");
            if (c == ']' && !first)
            {
                at++;
                return set;
            }

            if (c == '[' && at + 1 < text.Length && text[at + 1] == ':' && set.AddPosix(text, ref at))
            {
                continue;
            }

            if (c == '\\' && at + 1 < text.Length && "dDsSwWpP".Contains(text[at + 1], StringComparison.Ordinal))
            {
                at++;
                Re2Escape.AddClass(text, ref at, set);
                continue;
            }

            set.AddRange(text, ref at, ignoreCase);
        }
    }

    public void Add(char low, char high, bool ignoreCase)
    {
        if (ignoreCase && high > '\x7f')
        {
            throw new Re2Exception("(?i) is only supported for ASCII letters");
        }

        Append(low, high);
        if (!ignoreCase)
        {
            return;
        }

        Fold(low, high, 'a', 'z', -32);
        Fold(low, high, 'A', 'Z', 32);

        // Two letters beyond ASCII fold into it in RE2: the Kelvin sign and the long s.
        AddIf(low, high, 'k', '\u212A');
        AddIf(low, high, 's', '\u017F');
    }

    public void AddNamed(string name, bool negated)
    {
        (char Low, char High)[] ranges = Ranges(name) ?? throw new Re2Exception($"unknown class [:{name}:]");
        if (!negated)
        {
            foreach ((char low, char high) in ranges)
            {
                Append(low, high);
            }

            return;
        }

        int next = 0;
        foreach ((char low, char high) in ranges)
        {
            if (low > next)
            {
                Append((char)next, (char)(low - 1));
            }

            next = high + 1;
        }

        Append((char)next, '\uFFFF');
    }

    public void AddCategory(string name, bool negated) => _items.Append(negated ? @"\P{" : @"\p{").Append(name).Append('}');

    public override string ToString() => $"[{(_negated ? "^" : "")}{_items}]";

    private bool AddPosix(string text, ref int at)
    {
        int end = text.IndexOf(":]", at + 2, StringComparison.Ordinal);
        if (end < 0)
        {
            return false; // as RE2: then [ is a character
        }

        string name = text[(at + 2)..end];
        bool negated = name.StartsWith('^');
        AddNamed(negated ? name[1..] : name, negated);
        at = end + 2;
        return true;
    }

    private void AddRange(string text, ref int at, bool ignoreCase)
    {
        char low = Character(text, ref at);
        char high = low;
        if (at + 1 < text.Length && text[at] == '-' && text[at + 1] != ']')
        {
            at++;
            high = Character(text, ref at);
        }

        if (high < low)
        {
            throw new Re2Exception($"bad range {low}-{high}");
        }

        Add(low, high, ignoreCase);
    }

    private static char Character(string text, ref int at)
    {
        if (text[at] != '\\')
        {
            return text[at++];
        }

        at++;
        return at < text.Length ? Re2Escape.Character(text, ref at) : throw new Re2Exception(@"trailing \");
    }

    private void Fold(char low, char high, char from, char to, int distance)
    {
        char a = low > from ? low : from;
        char b = high < to ? high : to;
        if (a <= b)
        {
            Append((char)(a + distance), (char)(b + distance));
        }
    }

    private void AddIf(char low, char high, char letter, char folded)
    {
        char upper = (char)(letter - 32);
        if ((low <= letter && letter <= high) || (low <= upper && upper <= high))
        {
            Append(folded, folded);
        }
    }

    private void Append(char low, char high)
    {
        _items.Append(Re2Translator.Quote(low));
        if (high > low)
        {
            _items.Append('-').Append(Re2Translator.Quote(high));
        }
    }

    // In ascending order.
    private static (char Low, char High)[]? Ranges(string name) => name switch
    {
        "d" or "digit" => [('0', '9')],
        "s" => [('\t', '\n'), ('\f', '\r'), (' ', ' ')],
        "w" or "word" => [('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
        "alnum" => [('0', '9'), ('A', 'Z'), ('a', 'z')],
        "alpha" => [('A', 'Z'), ('a', 'z')],
        "ascii" => [('\0', '\x7f')],
        "blank" => [('\t', '\t'), (' ', ' ')],
        "cntrl" => [('\0', '\x1f'), ('\x7f', '\x7f')],
        "graph" => [('!', '~')],
        "lower" => [('a', 'z')],
        "print" => [(' ', '~')],
        "punct" => [('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
        "space" => [('\t', '\r'), (' ', ' ')],
        "upper" => [('A', 'Z')],
        "xdigit" => [('0', '9'), ('A', 'F'), ('a', 'f')],
        _ => null,
    };
}
