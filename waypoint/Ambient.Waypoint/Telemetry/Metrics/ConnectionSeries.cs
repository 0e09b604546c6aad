namespace Ambient.Waypoint.Telemetry.Metrics;

/// <summary>Counters of connections of one set of labels. Any thread.</summary>
internal sealed class ConnectionSeries
{
    private long _opened, _closed, _failed, _sent, _received;

    internal long Opened => Volatile.Read(ref _opened);

    internal long Closed => Volatile.Read(ref _closed);

    internal long Failed => Volatile.Read(ref _failed);

    /// <summary>From the endpoint to the caller.</summary>
    internal long Sent => Volatile.Read(ref _sent);

    /// <summary>From the caller to the endpoint.</summary>
    internal long Received => Volatile.Read(ref _received);

    internal void CountOpened() => Interlocked.Increment(ref _opened);

    internal void CountFailed() => Interlocked.Increment(ref _failed);

    internal void CountClosed(long sent, long received)
    {
        Interlocked.Add(ref _sent, sent);
        Interlocked.Add(ref _received, received);
        Interlocked.Increment(ref _closed);
    }
}
