using System.Collections.Immutable;
using Ambient.Core.Telemetry;

namespace Ambient.Waypoint.Telemetry.Tracing;

/// <summary>
/// A <see cref="SpanSource"/> for each receiver that spans go to, made when the first is sampled for it and ended when no such receiver is
/// declared any more.
/// </summary>
internal sealed class SpanSources(SpanOrigin origin, TimeSpan delay) : IDisposable
{
    internal static readonly TimeSpan DefaultDelay = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private volatile ImmutableDictionary<TracingProvider, SpanSource> _sources = ImmutableDictionary<TracingProvider, SpanSource>.Empty;
    private bool _ended;

    /// <summary>Null when the process ends.</summary>
    internal SpanSource? Of(TracingProvider provider) => _sources.TryGetValue(provider, out SpanSource? source) ? source : Make(provider);

    /// <summary>Ends those of receivers that are not declared any more; nobody waits for them.</summary>
    internal void Keep(ImmutableArray<TracingProvider> declared)
    {
        if (Take(declared) is { Length: > 0 } gone)
        {
            ThreadPool.UnsafeQueueUserWorkItem(End, gone, preferLocal: false);
        }
    }

    /// <summary>What is waiting is sent, for a few seconds at most.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _ended = true;
        }

        End(Take([]));
    }

    private static void End(SpanSource[] gone)
    {
        foreach (SpanSource source in gone)
        {
            source.Dispose();
        }
    }

    private SpanSource[] Take(ImmutableArray<TracingProvider> kept)
    {
        lock (_lock)
        {
            KeyValuePair<TracingProvider, SpanSource>[] gone = [.. _sources.Where(s => !kept.Contains(s.Key))];
            _sources = _sources.RemoveRange(gone.Select(static s => s.Key));
            return [.. gone.Select(static s => s.Value)];
        }
    }

    private SpanSource? Make(TracingProvider provider)
    {
        lock (_lock)
        {
            if (_ended || _sources.TryGetValue(provider, out _))
            {
                return _sources.GetValueOrDefault(provider);
            }

            var source = new SpanSource(provider, origin, delay);
            _sources = _sources.Add(provider, source);
            return source;
        }
    }
}
