namespace Ambient.Core.Policies.Tokens;

/// <param name="Name">Lower-case.</param>
/// <param name="Prefix">What stands before the token, with its space if it has one: <c>Bearer </c>; empty: the whole value is the token.</param>
public readonly record struct TokenHeader(string Name, string Prefix);
