namespace Ambient.Policy.Telemetry.Expressions;

/// <summary>An expression that is not understood; the message is for its author.</summary>
internal sealed class ExpressionException(string message) : Exception(message);
