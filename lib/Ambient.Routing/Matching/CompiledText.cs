using Ambient.Core.Routes;
using Ambient.Routing.Patterns;

namespace Ambient.Routing.Matching;

/// <summary>A <see cref="TextMatch"/> ready to compare.</summary>
internal sealed class CompiledText
{
    private readonly TextMatch _match;
    private readonly StringComparison _comparison;
    private readonly Re2Pattern? _pattern;

    public CompiledText(TextMatch match)
    {
        _match = match;
        _comparison = match.IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        if (match.Kind == TextMatchKind.Regex && !Re2Pattern.TryParse(match.Value, out _pattern, out string? reason))
        {
            Broken = $"regular expression '{match.Value}': {reason}";
        }
    }

    /// <summary>Why nothing can be compared; then every value that is there matches.</summary>
    public string? Broken { get; }

    public static CompiledText? OfOptional(TextMatch? match) => match is { } some ? new CompiledText(some) : null;

    /// <param name="value">Null: not there, which no kind matches.</param>
    public bool Matches(string? value) => value is not null && _match.Kind switch
    {
        TextMatchKind.Exact => string.Equals(value, _match.Value, _comparison),
        TextMatchKind.Prefix => value.StartsWith(_match.Value, _comparison),
        TextMatchKind.Suffix => value.EndsWith(_match.Value, _comparison),
        TextMatchKind.Regex => _pattern is null || _pattern.IsFullMatch(value),
        TextMatchKind.Presence => true,
        _ => throw new InvalidOperationException($"unknown text match kind {_match.Kind}"),
    };
}
