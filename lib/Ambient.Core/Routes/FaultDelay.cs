namespace Ambient.Core.Routes;

/// <param name="Percentage">0 to 100; fractions down to 0.0001 count.</param>
public sealed record FaultDelay(double Percentage, TimeSpan Duration);
