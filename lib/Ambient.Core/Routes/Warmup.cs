namespace Ambient.Core.Routes;

/// <summary>A new endpoint's share grows over <paramref name="Duration"/> from <paramref name="MinPercent"/>; aggression 1 is a straight line.</summary>
public sealed record Warmup(TimeSpan Duration, double MinPercent = 10, double Aggression = 1);
