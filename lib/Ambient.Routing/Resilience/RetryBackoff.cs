using Ambient.Core.Routes;

namespace Ambient.Routing.Resilience;

/// <summary>Waiting before a retry: a random time of up to base × (2^n − 1), capped.</summary>
public static class RetryBackoff
{
    /// <param name="retry">1 before the first retry.</param>
    public static TimeSpan Before(int retry, RetryPolicy policy, Random random)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(random);
        double limit = policy.BackoffBase.Ticks * (Math.Pow(2, Math.Clamp(retry, 1, 30)) - 1);
        double cap = (policy.BackoffMax ?? policy.BackoffBase * 10).Ticks;
        return TimeSpan.FromTicks((long)(random.NextDouble() * Math.Min(limit, cap)));
    }
}
