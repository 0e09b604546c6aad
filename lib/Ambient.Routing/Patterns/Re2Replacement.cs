using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.RegularExpressions;

namespace Ambient.Routing.Patterns;

/// <summary>What takes the place of a match (<see cref="Re2Pattern.Replace"/>).</summary>
public sealed class Re2Replacement
{
    private readonly ImmutableArray<(string Text, int Group)> _parts;

    private Re2Replacement(ImmutableArray<(string Text, int Group)> parts)
    {
        _parts = parts;
    }

    /// <param name="reason">For people; null when it can be used.</param>
    public static bool TryParse(
        string text, int groups, [NotNullWhen(true)] out Re2Replacement? replacement, [NotNullWhen(false)] out string? reason)
    {
        ArgumentNullException.ThrowIfNull(text);
        replacement = null;
        ImmutableArray<(string, int)>.Builder parts = ImmutableArray.CreateBuilder<(string, int)>();
        StringBuilder literal = new();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                literal.Append(text[i]);
                continue;
            }

            char next = ++i < text.Length ? text[i] : '\0';
            if (next == '\\')
            {
                literal.Append('\\');
            }
            else if (char.IsAsciiDigit(next) && next - '0' <= groups)
            {
                parts.Add((literal.ToString(), next - '0'));
                literal.Clear();
            }
            else
            {
                reason = char.IsAsciiDigit(next)
                    ? $@"the replacement names \{next}, the pattern has {groups} groups"
                    : @"a backslash in a replacement is followed by a digit or a backslash";
                return false;
            }
        }

        parts.Add((literal.ToString(), -1));
        replacement = new Re2Replacement(parts.ToImmutable());
        reason = null;
        return true;
    }

    internal string Expand(Match match)
    {
        StringBuilder made = new();
        foreach ((string text, int group) in _parts)
        {
            made.Append(text);
            if (group >= 0)
            {
                made.Append(match.Groups[group].ValueSpan);
            }
        }

        return made.ToString();
    }
}
