using Ambient.Core.Routes;

namespace Ambient.Routing.Choosing;

/// <summary>The faults that one request gets: first the delay, then the abort.</summary>
public readonly record struct FaultDecision(TimeSpan? Delay, FaultAbort? Abort)
{
    public static FaultDecision Draw(FaultPolicy? policy, Random random) => policy is null
        ? default
        : new FaultDecision(
            policy.Delay is { } delay && Percentages.Drawn(delay.Percentage, random) ? delay.Duration : null,
            policy.Abort is { } abort && Percentages.Drawn(abort.Percentage, random) ? abort : null);
}
