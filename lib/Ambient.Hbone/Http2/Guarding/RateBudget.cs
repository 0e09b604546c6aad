namespace Ambient.Hbone.Http2.Guarding;

/// <summary>A token bucket. Used by one thread at a time.</summary>
internal struct RateBudget
{
    private readonly double _capacity;
    private readonly double _perSecond;
    private double _tokens;
    private long _stamp;

    public RateBudget(double capacity, double perSecond)
    {
        _capacity = capacity;
        _perSecond = perSecond;
        _tokens = capacity;
        _stamp = -1;
    }

    /// <summary>False when the budget is used up. The clock is only read when the bucket is low.</summary>
    public bool TryTake(TimeProvider time)
    {
        if (_tokens < 1)
        {
            Refill(time);
        }
        else if (_stamp < 0)
        {
            _stamp = time.GetTimestamp();
        }

        if (_tokens < 1)
        {
            return false;
        }

        _tokens--;
        return true;
    }

    private void Refill(TimeProvider time)
    {
        long now = time.GetTimestamp();
        _tokens = Math.Min(_capacity, _tokens + time.GetElapsedTime(_stamp, now).TotalSeconds * _perSecond);
        _stamp = now;
    }
}
