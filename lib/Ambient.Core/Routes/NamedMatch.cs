namespace Ambient.Core.Routes;

/// <summary>A header or query parameter by name. Header names are lower-case; <c>:method</c> and the like do not occur.</summary>
public sealed record NamedMatch(string Name, TextMatch Value);
