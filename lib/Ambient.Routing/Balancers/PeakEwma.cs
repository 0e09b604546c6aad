namespace Ambient.Routing.Balancers;

/// <summary>
/// Latency that rises at once and falls slowly: a sample above the estimate replaces it, one below pulls it down the more, the longer ago the
/// last one was; without samples the estimate decays. Linkerd's numbers. Thread-safe.
/// </summary>
public sealed class PeakEwma
{
    public static readonly TimeSpan Decay = TimeSpan.FromSeconds(10);

    /// <summary>What an endpoint that nobody has tried is taken for.</summary>
    public static readonly TimeSpan Initial = TimeSpan.FromMilliseconds(30);

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private double _ticks = Initial.Ticks;
    private long _at;

    public PeakEwma(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        _at = time.GetTimestamp();
    }

    /// <summary>The estimate as of now, in ticks.</summary>
    public double Current
    {
        get
        {
            lock (_lock)
            {
                return _ticks * Recency(_time.GetTimestamp());
            }
        }
    }

    public void Add(TimeSpan sample)
    {
        lock (_lock)
        {
            long now = _time.GetTimestamp();
            double recency = Recency(now);
            double pulled = (_ticks * recency) + (sample.Ticks * (1 - recency));
            _ticks = sample.Ticks > _ticks * recency ? sample.Ticks : pulled;
            _at = now;
        }
    }

    private double Recency(long now) => Math.Exp(-_time.GetElapsedTime(_at, now).Ticks / (double)Decay.Ticks);
}
