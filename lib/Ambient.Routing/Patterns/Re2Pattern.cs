using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Ambient.Routing.Patterns;

/// <summary>
/// A regular expression in RE2's syntax and meaning (github.com/google/re2/wiki/Syntax), run in linear time: classes such as <c>\d</c> are
/// ASCII, <c>$</c> is the end of the text, groups count in written order. What .NET's automaton cannot say the same way is refused with
/// the reason. Text is compared by UTF-16 units; HTTP paths and header names are ASCII. Thread-safe.
/// </summary>
public sealed class Re2Pattern
{
    public const int MaxLength = 4096;

    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    private readonly Regex _whole;
    private readonly Lazy<Regex> _anywhere;
    private readonly string _text;

    private Re2Pattern(string text, Re2Translation translation)
    {
        _text = text;
        LiteralPrefix = translation.LiteralPrefix;
        Groups = translation.Groups;
        _whole = new Regex($@"\A(?:{translation.Expression})\z", Options);
        _anywhere = new Lazy<Regex>(() => new Regex(translation.Expression, Options));
    }

    /// <summary>What every matching text begins with; often empty.</summary>
    public string LiteralPrefix { get; }

    /// <summary>Number of groups that a replacement may name.</summary>
    public int Groups { get; }

    /// <param name="reason">For people, naming the place; null when it can be used.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out Re2Pattern? pattern, [NotNullWhen(false)] out string? reason)
    {
        ArgumentNullException.ThrowIfNull(text);
        pattern = null;
        if (text.Length > MaxLength)
        {
            reason = $"longer than {MaxLength} characters";
            return false;
        }

        try
        {
            pattern = new Re2Pattern(text, new Re2Translator(text).Translate());
            reason = null;
            return true;
        }
        catch (Exception e) when (e is Re2Exception or ArgumentException or NotSupportedException or InsufficientExecutionStackException)
        {
            reason = e is Re2Exception ? e.Message : "too large, or not expressible without backtracking";
            return false;
        }
    }

    /// <summary>True when the whole text matches.</summary>
    public bool IsFullMatch(ReadOnlySpan<char> text) => _whole.IsMatch(text);

    /// <summary>
    /// RE2's GlobalReplace: every match, wherever it is, from left to right. In the replacement <c>\0</c> is the match, <c>\1</c> to
    /// <c>\9</c> its groups, <c>\\</c> a backslash.
    /// </summary>
    public string Replace(string text, Re2Replacement replacement)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(replacement);
        return _anywhere.Value.Replace(text, replacement.Expand);
    }

    public override string ToString() => _text;
}
