namespace Ambient.Kube.Working;

/// <summary>Rates of a <see cref="WorkQueue{TKey}"/>; the defaults are controller-runtime's.</summary>
public sealed record RateLimit
{
    /// <summary>Wait after an item's first failure; doubles with each.</summary>
    public TimeSpan FirstBackoff { get; init; } = TimeSpan.FromMilliseconds(5);

    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Retries a second, all items together.</summary>
    public double PerSecond { get; init; } = 10;

    public int Burst { get; init; } = 100;
}
