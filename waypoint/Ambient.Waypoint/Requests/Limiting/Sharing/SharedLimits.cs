using System.Collections.Concurrent;
using System.Net;
using Ambient.Core;
using Ambient.Core.Identity;
using Ambient.Core.Routes;
using Ambient.Routing.Resilience;
using Ambient.Waypoint.Mesh;

namespace Ambient.Waypoint.Requests.Limiting.Sharing;

/// <summary>
/// Limits that the replicas of a Gateway count together: each bucket is one replica's, which the others ask for every token. When that one does not
/// answer, this one decides by its own share, the limit divided by the number of replicas (docs/decisions/shared-rate-limits.md). Thread-safe.
/// </summary>
internal sealed class SharedLimits : IAsyncDisposable
{
    private const int MaxKnown = 10_000;

    private readonly Func<WaypointState> _state;
    private readonly NamespacedName _gateway;
    private readonly Func<SpiffeId> _identity;
    private readonly Func<IPAddress, CancellationToken, ValueTask<Stream>> _dial;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly ConcurrentDictionary<string, SharedLimit> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<IPAddress, PeerLink> _links = new();
    private volatile Tuple<WaypointState, Replicas>? _replicas;
    private long _own;
    private long _asked;
    private long _alone;

    /// <param name="identity">Of every replica, this one included.</param>
    /// <param name="dial">A stream to another replica's <see cref="PeerCounter"/>.</param>
    public SharedLimits(
        Func<WaypointState> state, NamespacedName gateway, Func<SpiffeId> identity, Func<IPAddress, CancellationToken, ValueTask<Stream>> dial, TimeProvider time, Random random)
    {
        _state = state;
        _gateway = gateway;
        _identity = identity;
        _dial = dial;
        _time = time;
        _random = random;
        Buckets = new SharedBuckets(time);
    }

    public SharedBuckets Buckets { get; }

    /// <summary>Tokens that were asked for since the start: of buckets of this replica, of another that answered, of its own share.</summary>
    public (long Own, long Asked, long Alone) Counts => (Interlocked.Read(ref _own), Interlocked.Read(ref _asked), Interlocked.Read(ref _alone));

    public Replicas Now
    {
        get
        {
            WaypointState state = _state();
            if (_replicas is { } known && ReferenceEquals(known.Item1, state))
            {
                return known.Item2;
            }

            Replicas now = Replicas.Of(state, _gateway, _identity());
            _replicas = Tuple.Create(state, now);
            Forget(now);
            return now;
        }
    }

    /// <param name="name">What makes the limit this one and no other, the same at every replica.</param>
    public async ValueTask<SharedToken> TakeAsync(RateLimit limit, string name, string key)
    {
        SharedLimit shared = Known(limit, name);
        BucketId bucket = new(shared.Id, BucketId.Hash(key));
        Replicas replicas = Now;
        if (replicas.OwnerOf(bucket) is not { } owner)
        {
            if (Buckets.Take(bucket, limit, static l => l) is { } own)
            {
                Interlocked.Increment(ref _own);
                return new SharedToken(own, () => Buckets.GiveBack(bucket));
            }
        }
        else
        {
            PeerLink link = LinkTo(owner);
            PeerQuestion question = PeerQuestion.Of(limit, bucket);
            if (await link.AskAsync(question) is { } answered)
            {
                Interlocked.Increment(ref _asked);
                return new SharedToken(answered, () => link.Tell(question with { GivesBack = true }));
            }
        }

        Interlocked.Increment(ref _alone);
        RateLimiter share = shared.ShareOf(replicas.Count, _time, _random);
        TokenVerdict verdict = share.Take(key)!.Value;
        return new SharedToken(verdict, () => share.GiveBack(key, verdict));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (PeerLink link in _links.Values)
        {
            await link.DisposeAsync();
        }
    }

    private SharedLimit Known(RateLimit limit, string name)
    {
        if (_known.TryGetValue(name, out SharedLimit? known))
        {
            return known;
        }

        if (_known.Count >= MaxKnown)
        {
            _known.Clear(); // their shares begin full again, no more
        }

        return _known.GetOrAdd(name, static (n, l) => new SharedLimit(l, BucketId.Hash(n)), limit);
    }

    private PeerLink LinkTo(IPAddress peer) =>
        _links.TryGetValue(peer, out PeerLink? link) ? link : _links.GetOrAdd(peer, static (p, me) => new PeerLink(ct => me._dial(p, ct), me._time), this);

    // Replicas that are gone are not asked any more.
    private void Forget(Replicas now)
    {
        foreach (IPAddress gone in _links.Keys.Except(now.Others).ToArray())
        {
            if (_links.TryRemove(gone, out PeerLink? link))
            {
                _ = link.DisposeAsync().AsTask();
            }
        }
    }

    /// <summary>A limit with its name among replicas, and this replica's part of it.</summary>
    private sealed class SharedLimit(RateLimit limit, UInt128 id)
    {
        private volatile Tuple<int, RateLimiter>? _share;

        public UInt128 Id => id;

        public RateLimiter ShareOf(int replicas, TimeProvider time, Random random)
        {
            if (_share is { } known && known.Item1 == replicas)
            {
                return known.Item2;
            }

            RateLimiter made = new(limit with { Burst = Math.Max(1, limit.Burst / replicas), Interval = limit.Interval * replicas }, time, random);
            _share = Tuple.Create(replicas, made);
            return made;
        }
    }
}
