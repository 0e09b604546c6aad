namespace Ambient.Core.Routes;

/// <summary>A value of a request: method, scheme, authority, header, query parameter or origin.</summary>
/// <param name="Value">Empty for <see cref="TextMatchKind.Presence"/>.</param>
/// <param name="IgnoreCase">Of ASCII letters; not for <see cref="TextMatchKind.Regex"/>, which says so itself by <c>(?i)</c>.</param>
public readonly record struct TextMatch(TextMatchKind Kind, string Value, bool IgnoreCase = false)
{
    public static TextMatch Presence { get; } = new(TextMatchKind.Presence, "");

    public static TextMatch Exact(string value) => new(TextMatchKind.Exact, value);
}
