using System.Collections.Concurrent;
using Ambient.Core.Routes;
using Ambient.Routing.Choosing;

namespace Ambient.Routing.Resilience;

/// <summary>
/// The buckets of one <see cref="RateLimit"/>, one for each key; when there are too many keys, further ones share one. Thread-safe.
/// </summary>
public sealed class RateLimiter
{
    public const int MaxKeys = 10_000;

    private readonly ConcurrentDictionary<string, TokenBucket> _buckets = new(StringComparer.Ordinal);
    private readonly TokenBucket _overflow;
    private readonly TimeProvider _time;
    private readonly Random _random;

    public RateLimiter(RateLimit limit, TimeProvider time, Random random)
    {
        Limit = limit;
        _time = time;
        _random = random;
        _overflow = new TokenBucket(limit, time);
    }

    public RateLimit Limit { get; }

    /// <summary>Null when this request is not counted.</summary>
    /// <param name="key">What <see cref="RateLimit.By"/> names, of this request, and the endpoint for <see cref="RateLimit.PerEndpoint"/>.</param>
    public TokenVerdict? Take(string key)
    {
        if (!Percentages.Drawn(Limit.EnabledPercentage, _random))
        {
            return null;
        }

        TokenVerdict verdict = Bucket(key).Take();
        return verdict.Allowed || Percentages.Drawn(Limit.EnforcedPercentage, _random) ? verdict : verdict with { Allowed = true };
    }

    /// <summary>Takes back what <see cref="Take"/> did, for a request that another limit refused.</summary>
    public void GiveBack(string key, TokenVerdict verdict)
    {
        if (verdict.Taken)
        {
            Bucket(key).GiveBack();
        }
    }

    private TokenBucket Bucket(string key)
    {
        if (_buckets.TryGetValue(key, out TokenBucket? bucket))
        {
            return bucket;
        }

        if (_buckets.Count >= MaxKeys && !Forget())
        {
            return _overflow;
        }

        return _buckets.GetOrAdd(key, static (_, l) => new TokenBucket(l.Limit, l._time), this);
    }

    // At most one bucket a new key, so that no request pays for all; a key seldom seen is full and costs nothing to forget.
    private bool Forget()
    {
        foreach ((string key, TokenBucket bucket) in _buckets.Take(16))
        {
            if (bucket.IsFull && _buckets.TryRemove(key, out _))
            {
                return true;
            }
        }

        return false;
    }
}
