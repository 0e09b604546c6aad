namespace Ambient.Policy.Tokens.Keys;

/// <summary>Why one key of a set is not used. Never leaves this library.</summary>
internal sealed class KeyException(string message) : Exception(message);
