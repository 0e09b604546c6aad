using System.Globalization;
using System.Text;

namespace Ambient.Routing.Patterns;

/// <summary>Reads RE2 and writes the .NET expression that means the same, character by character; nothing unread is passed through.</summary>
internal sealed class Re2Translator(string text)
{
    private const int MaxDepth = 100;
    private const int MaxRepeat = 1000;
    private const int MaxSize = 10_000;

    private readonly StringBuilder _made = new();
    private readonly StringBuilder _prefix = new();
    private readonly Stack<Re2Group> _open = new();
    private Re2Group _group = new(default);
    private Re2Flags _flags;
    private int _at;
    private int _groups;
    private bool _inPrefix = true;

    public Re2Translation Translate()
    {
        bool alternatives = false;
        while (_at < text.Length)
        {
            char c = text[_at];
            alternatives |= c == '|' && _open.Count == 0;
            Next(c);
        }

        return _open.Count > 0
            ? throw new Re2Exception("missing closing )")
            : new Re2Translation(_made.ToString(), alternatives ? "" : _prefix.ToString(), _groups);
    }

    private void Next(char c)
    {
        switch (c)
        {
            case '(':
                Open();
                break;
            case ')':
                Close();
                break;
            case '|':
                _made.Append('|');
                _group.Repeatable = false;
                _inPrefix = false;
                _at++;
                break;
            case '*' or '+' or '?':
                _at++;
                Repeat(c.ToString(), c == '+' ? 1 : 0, 1);
                break;
            case '{':
                RepeatCounted();
                break;
            case '[':
                _at++;
                Set(Re2Set.Read(text, ref _at, _flags.IgnoreCase).ToString());
                break;
            case '.':
                _at++;
                Set(_flags.DotAll ? @"[\u0000-\uFFFF]" : @"[^\n]");
                break;
            case '^':
                _at++;
                Anchor(_flags.MultiLine ? "(?m:^)" : @"\A");
                break;
            case '$':
                _at++;
                Anchor(_flags.MultiLine ? "(?m:$)" : @"\z");
                break;
            case '\\':
                Escape();
                break;
            default:
                _at++;
                Literal(c);
                break;
        }
    }

    private void Escape()
    {
        _at++;
        char c = _at < text.Length ? text[_at] : throw new Re2Exception(@"trailing \");
        switch (c)
        {
            case 'A' or 'z':
                _at++;
                Anchor($@"\{c}");
                break;
            case 'Q':
                _at++;
                Quoted();
                break;
            case 'b' or 'B':
                throw new Re2Exception($@"\{c} (word boundary) is ASCII in RE2 and cannot be said so here; write the characters out");
            case 'C':
                throw new Re2Exception(@"\C (one byte) is not supported");
            case 'd' or 'D' or 's' or 'S' or 'w' or 'W' or 'p' or 'P':
                Re2Set set = new();
                Re2Escape.AddClass(text, ref _at, set);
                Set(set.ToString());
                break;
            default:
                Literal(Re2Escape.Character(text, ref _at));
                break;
        }
    }

    private void Quoted()
    {
        int end = text.IndexOf(@"\E", _at, StringComparison.Ordinal);
        int stop = end < 0 ? text.Length : end;
        while (_at < stop)
        {
            Literal(text[_at++]);
        }

        _at = end < 0 ? _at : end + 2;
    }

    private void Open()
    {
        if (_open.Count >= MaxDepth)
        {
            throw new Re2Exception($"groups nested deeper than {MaxDepth}");
        }

        _at++;
        Re2Flags outer = _flags;
        bool captures = true;
        if (_at < text.Length && text[_at] == '?')
        {
            _at++;
            if (Re2GroupHead.Read(text, ref _at, ref _flags, out captures))
            {
                return; // (?i): flags for the rest of this group
            }
        }

        _groups += captures ? 1 : 0;
        _made.Append(captures ? "(" : "(?:");
        _inPrefix = false;
        _open.Push(_group);
        _group = new Re2Group(outer);
    }

    private void Close()
    {
        if (!_open.TryPop(out Re2Group? outer))
        {
            throw new Re2Exception("unexpected )");
        }

        _at++;
        _made.Append(')');
        _flags = _group.Outer;
        long size = _group.Size;
        _group = outer;
        Atom(size);
    }

    private void RepeatCounted()
    {
        if (!Re2Count.TryRead(text, _at, out int length, out int min, out int? max))
        {
            _at++;
            Literal('{'); // as RE2 has it: what is not a count is text
            return;
        }

        if (min > MaxRepeat || max > MaxRepeat || max < min)
        {
            throw new Re2Exception($"bad repetition {text.AsSpan(_at, length)}: 0 to {MaxRepeat}, the smaller number first");
        }

        string count = text.Substring(_at, length);
        _at += length;
        Repeat(count, min, Math.Max(1, Math.Max(min, max ?? 0)));
    }

    private void Repeat(string written, int min, int times)
    {
        if (!_group.Repeatable)
        {
            throw new Re2Exception($"nothing to repeat before {written}");
        }

        bool lazy = _at < text.Length && text[_at] == '?';
        _at += lazy ? 1 : 0;
        _made.Append(written).Append(lazy != _flags.Ungreedy ? "?" : "");
        _group.Repeatable = false;
        Grow(_group.LastAtom * (times - 1));
        if (_inPrefix)
        {
            // What is repeated may be there not at all, or more often: nothing is certain from here on.
            _prefix.Length -= min == 0 ? 1 : 0;
            _inPrefix = false;
        }
    }

    private void Literal(char c)
    {
        if (_flags.IgnoreCase && (char.IsAsciiLetter(c) || c > '\x7f'))
        {
            Re2Set both = new();
            both.Add(c, c, ignoreCase: true);
            Set(both.ToString());
            return;
        }

        _made.Append(Quote(c));
        Atom(1);
        if (_inPrefix)
        {
            _prefix.Append(c);
        }
    }

    private void Set(string set)
    {
        _inPrefix = false;
        _made.Append(set);
        Atom(1);
    }

    private void Anchor(string anchor)
    {
        _inPrefix &= anchor == @"\A" && _prefix.Length == 0;
        _made.Append(anchor);

        // RE2 lets an anchor be repeated; it means nothing, so it is refused with the rest.
        _group.Repeatable = false;
    }

    private void Atom(long size)
    {
        _group.LastAtom = size;
        _group.Repeatable = true;
        Grow(size);
    }

    private void Grow(long by)
    {
        _group.Size += by;
        if (_group.Size > MaxSize)
        {
            throw new Re2Exception($"repeats to more than {MaxSize} characters");
        }
    }

    internal static string Quote(int c) => char.IsAsciiLetterOrDigit((char)c)
        ? ((char)c).ToString()
        : $@"\u{c.ToString("X4", CultureInfo.InvariantCulture)}";
}
