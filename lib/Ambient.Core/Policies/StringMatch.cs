namespace Ambient.Core.Policies;

public enum StringMatchKind
{
    Exact,
    Prefix,
    Suffix,

    /// <summary>Any non-empty value.</summary>
    Presence,
}

/// <summary>istio.security.StringMatch. Literal comparison, case-sensitive, never a regular expression.</summary>
public readonly record struct StringMatch(StringMatchKind Kind, string Value)
{
    public static StringMatch Presence { get; } = new(StringMatchKind.Presence, "");

    /// <summary>
    /// Reads the grammar of AuthorizationPolicy strings: <c>abc</c>, <c>abc*</c>, <c>*abc</c>, <c>*</c>.
    /// </summary>
    public static StringMatch Parse(string text) => text switch
    {
        "*" => Presence,
        [.. var prefix, '*'] => new(StringMatchKind.Prefix, prefix),
        ['*', .. var suffix] => new(StringMatchKind.Suffix, suffix),
        _ => new(StringMatchKind.Exact, text),
    };

    public bool Matches(string value) => Matches(value.AsSpan());

    public bool Matches(ReadOnlySpan<char> value) => Kind switch
    {
        StringMatchKind.Exact => value.SequenceEqual(Value),
        StringMatchKind.Prefix => value.StartsWith(Value, StringComparison.Ordinal),
        StringMatchKind.Suffix => value.EndsWith(Value, StringComparison.Ordinal),
        StringMatchKind.Presence => value.Length > 0,
        _ => throw new InvalidOperationException($"unknown string match kind {Kind}"),
    };

    public override string ToString() => Kind switch
    {
        StringMatchKind.Prefix => Value + "*",
        StringMatchKind.Suffix => "*" + Value,
        StringMatchKind.Presence => "*",
        _ => Value,
    };
}
