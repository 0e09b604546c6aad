namespace Ambient.Identity.Renewal;

/// <summary>When to fetch again. The random number is handed in, 0 to 1.</summary>
internal static class RenewalTimes
{
    /// <summary>After half of what is left when it arrives, ± 10 % of that, so that a node's certificates do not come due together.</summary>
    public static DateTimeOffset AfterSuccess(DateTimeOffset now, DateTimeOffset notAfter, double random)
    {
        TimeSpan half = (notAfter - now) / 2;
        return half <= TimeSpan.Zero ? now : now + (half * (0.9 + (0.2 * random)));
    }

    /// <summary>First, doubled a failure up to the cap, ± 20 %; the cap holds after the jitter too.</summary>
    public static TimeSpan AfterFailure(int failures, SvidManagerOptions options, double random)
    {
        double factor = Math.Pow(2, Math.Clamp(failures - 1, 0, 30));
        TimeSpan wait = TimeSpan.FromTicks((long)Math.Min(options.FirstBackOff.Ticks * factor, options.MaxBackOff.Ticks));
        TimeSpan jittered = wait * (0.8 + (0.4 * random));
        return jittered < options.MaxBackOff ? jittered : options.MaxBackOff;
    }
}
