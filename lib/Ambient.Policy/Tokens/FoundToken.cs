namespace Ambient.Policy.Tokens;

/// <summary>A token as it stands in the request.</summary>
internal readonly record struct FoundToken(string Text, TokenPlace Place);
