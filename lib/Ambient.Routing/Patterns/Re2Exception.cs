namespace Ambient.Routing.Patterns;

/// <summary>Why a pattern is refused; never leaves this folder.</summary>
internal sealed class Re2Exception(string message) : Exception(message);
