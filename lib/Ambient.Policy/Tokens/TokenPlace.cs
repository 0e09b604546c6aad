using System.Collections.Immutable;

namespace Ambient.Policy.Tokens;

/// <summary>Where tokens are looked for, and the rules that look there.</summary>
internal sealed class TokenPlace(TokenPlaceKind kind, string name, string prefix)
{
    public TokenPlaceKind Kind { get; } = kind;

    /// <summary>Lower-case for headers.</summary>
    public string Name { get; } = name;

    public string Prefix { get; } = prefix;

    public ImmutableArray<CompiledTokenRule> Rules { get; set; } = [];

    /// <summary>All headers that any policy writes: never the client's own.</summary>
    public ImmutableArray<string> Written { get; set; } = [];

    /// <summary>An authentication scheme is compared without regard to case (RFC 9110 §11.1), any other prefix as it is.</summary>
    public StringComparison Comparison =>
        string.Equals(Name, "authorization", StringComparison.Ordinal) ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
}
