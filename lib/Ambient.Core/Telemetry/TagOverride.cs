namespace Ambient.Core.Telemetry;

/// <summary>What becomes of a label of a metric.</summary>
/// <param name="Remove">True: the label is left out.</param>
/// <param name="Expression">Otherwise the value, in the words of <c>TelemetryExpression</c>.</param>
public sealed record TagOverride(bool Remove, string Expression = "");
