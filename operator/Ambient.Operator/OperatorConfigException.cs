namespace Ambient.Operator;

/// <summary>A setting cannot be used; the message names it and says what it may be.</summary>
public sealed class OperatorConfigException(string message, Exception? inner = null) : Exception(message, inner);
