using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Ambient.Core.Identity;

namespace Ambient.Waypoint.Upstreams;

/// <summary>
/// HTTP clients by <see cref="UpstreamKey"/>: one owns the connections of one caller to one endpoint with one protocol and TLS policy, and no
/// other request is ever sent on them. Bounded, as a whole and for each caller: whoever needs more than its share loses its own oldest. What has not
/// been used for long is closed. Any thread.
/// </summary>
internal sealed class UpstreamPools : IAsyncDisposable
{
    private const int MaxPools = 20_000;
    private const int MaxOfCaller = 4_000;
    private static readonly TimeSpan s_sweep = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_unused = TimeSpan.FromMinutes(5);

    // An endpoint that does not know "Expect: 100-continue" gets the body after this.
    private static readonly TimeSpan s_continueTime = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_idleAtMost = TimeSpan.FromSeconds(90);

    private readonly ConcurrentDictionary<UpstreamKey, Entry> _entries = new();
    private readonly Dictionary<PeerIdentity, int> _callers = []; // guarded by _adding
    private readonly Lock _adding = new();
    private readonly int _most;
    private readonly int _mostOfCaller;
    private readonly IUpstreamDialer _dialer;
    private readonly TimeProvider _time;
    private readonly ITimer _sweeper;

    internal UpstreamPools(IUpstreamDialer dialer, TimeProvider time, int most = MaxPools, int mostOfCaller = MaxOfCaller)
    {
        _most = most;
        _mostOfCaller = mostOfCaller;
        _dialer = dialer;
        _time = time;
        _sweeper = time.CreateTimer(static state => ((UpstreamPools)state!).Sweep(s_unused), this, s_sweep, s_sweep);
    }

    internal int Count => _entries.Count;

    /// <summary>To send one request with; not to be kept.</summary>
    internal HttpMessageInvoker For(UpstreamKey key)
    {
        if (!_entries.TryGetValue(key, out Entry? entry))
        {
            entry = Add(key);
        }

        entry.LastUsed = _time.GetTimestamp();
        return entry.Invoker;
    }

    public async ValueTask DisposeAsync()
    {
        await _sweeper.DisposeAsync();
        foreach ((UpstreamKey key, Entry entry) in _entries)
        {
            _entries.TryRemove(key, out _);
            entry.Invoker.Dispose();
        }
    }

    private Entry Add(UpstreamKey key)
    {
        lock (_adding)
        {
            if (_entries.TryGetValue(key, out Entry? known))
            {
                return known;
            }

            if (_callers.GetValueOrDefault(key.Caller) >= _mostOfCaller)
            {
                Evict(key.Caller);
            }
            else if (_entries.Count >= _most)
            {
                Evict(_callers.MaxBy(static c => c.Value).Key);
            }

            var entry = new Entry(this, key) { LastUsed = _time.GetTimestamp() };
            _entries[key] = entry;
            _callers[key.Caller] = _callers.GetValueOrDefault(key.Caller) + 1;
            return entry;
        }
    }

    // A quarter at once, so that a caller that goes on does not make each of its requests look through all pools.
    private void Evict(PeerIdentity caller)
    {
        (UpstreamKey Key, Entry Entry)[] idle =
            [.. _entries.Where(e => e.Key.Caller.Equals(caller) && e.Value.Requests == 0).OrderBy(static e => e.Value.LastUsed).Select(static e => (e.Key, e.Value))];
        foreach ((UpstreamKey key, Entry entry) in idle.Take(Math.Max(1, idle.Length / 4)))
        {
            Remove(key, entry);
        }
    }

    private void Remove(UpstreamKey key, Entry entry)
    {
        lock (_adding)
        {
            if (!_entries.TryRemove(new(key, entry)))
            {
                return;
            }

            int left = _callers.GetValueOrDefault(key.Caller) - 1;
            if (left > 0)
            {
                _callers[key.Caller] = left;
            }
            else
            {
                _callers.Remove(key.Caller);
            }
        }

        entry.Invoker.Dispose();
    }

    // A pool in which a request is under way is not unused: requests touch it at their begin only, so the time is long.
    private void Sweep(TimeSpan unused)
    {
        foreach ((UpstreamKey key, Entry entry) in _entries)
        {
            if (entry.Requests == 0 && _time.GetElapsedTime(entry.LastUsed) >= unused)
            {
                Remove(key, entry);
            }
        }
    }

    private SocketsHttpHandler HandlerFor(UpstreamKey key) => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        EnableMultipleHttp2Connections = true,
        ConnectTimeout = key.Pool.ConnectTimeout,
        PooledConnectionIdleTimeout = key.Pool.HttpIdleTimeout > TimeSpan.Zero && key.Pool.HttpIdleTimeout < s_idleAtMost ? key.Pool.HttpIdleTimeout : s_idleAtMost,
        PooledConnectionLifetime = key.Pool.MaxConnectionDuration ?? Timeout.InfiniteTimeSpan,
        Expect100ContinueTimeout = s_continueTime,
        MaxResponseHeadersLength = 64,
        RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        ConnectCallback = (_, ct) => _dialer.DialAsync(key, ct),
    };

    private sealed class Entry
    {
        private int _requests;
        private long _lastUsed;

        internal Entry(UpstreamPools owner, UpstreamKey key) =>
            Invoker = new HttpMessageInvoker(new UpstreamHandler(owner.HandlerFor(key), this), disposeHandler: true);

        internal HttpMessageInvoker Invoker { get; }

        internal int Requests => Volatile.Read(ref _requests);

        internal long LastUsed
        {
            get => Volatile.Read(ref _lastUsed);
            set => Volatile.Write(ref _lastUsed, value);
        }

        internal void Begin() => Interlocked.Increment(ref _requests);

        internal void End() => Interlocked.Decrement(ref _requests);
    }

    /// <summary>Flushes bodies as they come, and counts requests until their headers are there.</summary>
    private sealed class UpstreamHandler(SocketsHttpHandler inner, Entry entry) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Content is { } content and not (FlushingContent or Requests.Forwarding.RequestBody))
            {
                request.Content = new FlushingContent(content);
            }

            entry.Begin();
            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            finally
            {
                entry.End();
            }
        }
    }
}
