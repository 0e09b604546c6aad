namespace Ambient.Ztunnel.Telemetry;

/// <summary>Counters of one set of labels.</summary>
internal sealed class TcpSeries
{
    private long _opened, _closed, _failed, _sent, _received;

    internal long Opened => Volatile.Read(ref _opened);

    internal long Closed => Volatile.Read(ref _closed);

    internal long Failed => Volatile.Read(ref _failed);

    /// <summary>Response bytes: from the server to the client, whichever side reports.</summary>
    internal long Sent => Volatile.Read(ref _sent);

    /// <summary>Request bytes.</summary>
    internal long Received => Volatile.Read(ref _received);

    internal void CountOpened() => Interlocked.Increment(ref _opened);

    internal void CountClosed() => Interlocked.Increment(ref _closed);

    internal void CountFailed() => Interlocked.Increment(ref _failed);

    internal void CountBytes(long sent, long received)
    {
        Interlocked.Add(ref _sent, sent);
        Interlocked.Add(ref _received, received);
    }

    internal void Add(TcpSeries other)
    {
        Interlocked.Add(ref _opened, other.Opened);
        Interlocked.Add(ref _closed, other.Closed);
        Interlocked.Add(ref _failed, other.Failed);
        CountBytes(other.Sent, other.Received);
    }
}
