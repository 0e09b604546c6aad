using System.Collections.Concurrent;
using Ambient.Core.Routes;
using Ambient.Routing.Resilience;

namespace Ambient.Waypoint.Requests.Limiting.Sharing;

/// <summary>The buckets that this replica counts for all of them. Thread-safe; never more than <see cref="MaxBuckets"/>.</summary>
internal sealed class SharedBuckets(TimeProvider time)
{
    public const int MaxBuckets = 100_000;

    private readonly ConcurrentDictionary<BucketId, TokenBucket> _buckets = new();
    private int _count;

    /// <summary>Null when there is no room for another bucket.</summary>
    /// <param name="limit">Asked for when there is no such bucket yet.</param>
    public TokenVerdict? Take<T>(BucketId id, T from, Func<T, RateLimit> limit) => (Bucket(id) ?? Make(id, limit(from)))?.Take();

    public void GiveBack(BucketId id) => Bucket(id)?.GiveBack();

    private TokenBucket? Bucket(BucketId id) => _buckets.GetValueOrDefault(id);

    private TokenBucket? Make(BucketId id, RateLimit limit)
    {
        if (Volatile.Read(ref _count) >= MaxBuckets && !Forget())
        {
            return null;
        }

        TokenBucket made = new(limit, time);
        TokenBucket there = _buckets.GetOrAdd(id, made);
        if (ReferenceEquals(there, made))
        {
            Interlocked.Increment(ref _count);
        }

        return there;
    }

    // A few for each new key, so that no request pays for all; a bucket that is full again costs nothing to forget.
    private bool Forget()
    {
        bool any = false;
        int looked = 0;
        foreach ((BucketId id, TokenBucket bucket) in _buckets)
        {
            if (bucket.IsFull && _buckets.TryRemove(id, out _))
            {
                Interlocked.Decrement(ref _count);
                any = true;
            }

            if (++looked >= 64)
            {
                break;
            }
        }

        return any;
    }
}
