namespace Ambient.Core.Routes;

/// <summary>Compared with the canonical path, without query.</summary>
/// <param name="IgnoreCase">Of ASCII letters; not for <see cref="PathMatchKind.Regex"/>, which says so itself by <c>(?i)</c>.</param>
public sealed record PathMatch(PathMatchKind Kind, string Value, bool IgnoreCase = false);
