using Ambient.Core.Routes;
using Ambient.Routing.Canonicalising;
using Ambient.Routing.Patterns;

namespace Ambient.Routing.Matching;

/// <summary>A <see cref="PathMatch"/> ready to compare with canonical paths.</summary>
internal sealed class CompiledPath
{
    private readonly StringComparison _comparison;
    private readonly Re2Pattern? _pattern;

    public CompiledPath(PathMatch match)
    {
        Kind = match.Kind;
        IgnoreCase = match.IgnoreCase && match.Kind != PathMatchKind.Regex;
        _comparison = IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        if (match.Kind != PathMatchKind.Regex)
        {
            Value = PathCanonicaliser.Literal(match.Kind == PathMatchKind.SegmentPrefix ? match.Value.TrimEnd('/') : match.Value);
        }
        else if (Re2Pattern.TryParse(match.Value, out _pattern, out string? reason))
        {
            Value = _pattern.LiteralPrefix;
        }
        else
        {
            Value = "";
            Broken = $"regular expression '{match.Value}': {reason}";
        }
    }

    public PathMatchKind Kind { get; }

    public bool IgnoreCase { get; }

    /// <summary>What every path that fits begins with; for <see cref="PathMatchKind.Exact"/> the path.</summary>
    public string Value { get; }

    /// <inheritdoc cref="CompiledText.Broken"/>
    public string? Broken { get; }

    public bool Matches(string path) => Kind switch
    {
        PathMatchKind.Exact => string.Equals(path, Value, _comparison),
        PathMatchKind.Prefix => path.StartsWith(Value, _comparison),
        PathMatchKind.SegmentPrefix => path.StartsWith(Value, _comparison) && (path.Length == Value.Length || path[Value.Length] == '/'),
        PathMatchKind.Regex => _pattern is null || _pattern.IsFullMatch(path),
        _ => throw new InvalidOperationException($"unknown path match kind {Kind}"),
    };
}
