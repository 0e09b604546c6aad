namespace Ambient.Core.Routes;

/// <summary>
/// Bounds retries by requests: over <paramref name="Window"/>, at most <paramref name="Ratio"/> of the requests and
/// <paramref name="MinPerSecond"/> more; when <paramref name="MinConcurrent"/> is over 0, that many at the same time are allowed whatever
/// the ratio says (DestinationRule).
/// </summary>
/// <param name="Ratio">0.2 is 20 %.</param>
public sealed record RetryBudget(double Ratio, double MinPerSecond, TimeSpan Window, int MinConcurrent = 0)
{
    /// <summary>Linkerd's numbers.</summary>
    public static RetryBudget Default { get; } = new(0.2, 10, TimeSpan.FromSeconds(10));
}
