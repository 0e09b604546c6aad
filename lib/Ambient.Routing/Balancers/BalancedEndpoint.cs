using Ambient.Core.Routes;

namespace Ambient.Routing.Balancers;

/// <summary>An endpoint as one proxy sees it; kept over changes of the set it belongs to. Thread-safe.</summary>
public class BalancedEndpoint
{
    private readonly TimeProvider _time;
    private readonly long _since;
    private int _pending;

    /// <param name="id">Key of the endpoint; what hashes are made of.</param>
    /// <param name="isNew">False for those that were there when the proxy started: they need no warmup.</param>
    public BalancedEndpoint(string id, TimeProvider time, bool isNew = false)
    {
        ArgumentNullException.ThrowIfNull(time);
        Id = id;
        _time = time;
        _since = time.GetTimestamp();
        IsNew = isNew;
        Latency = new PeakEwma(time);
    }

    public string Id { get; }

    public bool IsNew { get; }

    /// <summary>Relative; 0 takes nothing.</summary>
    public uint Weight { get; set; } = 1;

    /// <summary>What discovery and active checks say.</summary>
    public bool Healthy { get; set; } = true;

    public PeakEwma Latency { get; }

    /// <summary>Requests under way.</summary>
    public int Pending => Volatile.Read(ref _pending);

    public void RequestStarted() => Interlocked.Increment(ref _pending);

    /// <param name="latency">Until the answer's headers, null when it says nothing (the caller went away).</param>
    public void RequestEnded(TimeSpan? latency)
    {
        Interlocked.Decrement(ref _pending);
        if (latency is { } sample)
        {
            Latency.Add(sample);
        }
    }

    /// <summary>Its weight, less while it warms up: the share grows with time to the power of 1/aggression, and is never below the least.</summary>
    public double EffectiveWeight(Warmup? warmup)
    {
        if (warmup is null || !IsNew || warmup.Duration <= TimeSpan.Zero)
        {
            return Weight;
        }

        double part = Math.Min(1, _time.GetElapsedTime(_since) / warmup.Duration);
        return Weight * Math.Max(warmup.MinPercent / 100, Math.Pow(part, 1 / Math.Max(0.01, warmup.Aggression)));
    }
}
