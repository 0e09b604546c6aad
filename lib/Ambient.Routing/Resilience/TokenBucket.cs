using Ambient.Core.Routes;

namespace Ambient.Routing.Resilience;

/// <summary>One bucket of a <see cref="RateLimit"/>. Thread-safe.</summary>
public sealed class TokenBucket
{
    private readonly Lock _lock = new();
    private readonly RateLimit _limit;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly long _interval;

    // In interval ticks: a token is as many as the interval has, so that nothing is ever rounded.
    private Int128 _credit;
    private long _filledAt;

    public TokenBucket(RateLimit limit, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(limit);
        ArgumentNullException.ThrowIfNull(time);
        _limit = limit;
        _time = time;
        _start = time.GetTimestamp();
        _interval = Math.Max(1, limit.Interval.Ticks);
        _credit = Full;
    }

    /// <summary>Forgetting the bucket changes nothing.</summary>
    public bool IsFull
    {
        get
        {
            lock (_lock)
            {
                Fill();
                return _credit >= Full;
            }
        }
    }

    private Int128 Full => (Int128)_limit.Burst * _interval;

    /// <summary>Takes a token if there is one.</summary>
    public TokenVerdict Take()
    {
        lock (_lock)
        {
            long now = Fill();
            bool taken = _credit >= _interval;
            _credit -= taken ? _interval : 0;
            long wait = _credit >= _interval || _limit.Tokens <= 0 ? 0
                : _limit.FillAtOnce ? _interval - (now % _interval)
                : (long)((_interval - _credit + _limit.Tokens - 1) / _limit.Tokens);
            return new TokenVerdict(taken, _limit.Burst, (long)(_credit / _interval), TimeSpan.FromTicks(wait)) { Taken = taken };
        }
    }

    /// <summary>Puts a token back that was taken for a request which another limit refused.</summary>
    public void GiveBack()
    {
        lock (_lock)
        {
            _credit = Int128.Min(Full, _credit + _interval);
        }
    }

    private long Fill()
    {
        long now = _time.GetElapsedTime(_start).Ticks;
        long until = _limit.FillAtOnce ? now - (now % _interval) : now;
        _credit = Int128.Min(Full, _credit + ((Int128)(until - _filledAt) * _limit.Tokens));
        _filledAt = until;
        return now;
    }
}
