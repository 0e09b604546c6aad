namespace Ambient.Waypoint.Telemetry.Metrics;

/// <summary>Counters of requests of one key. Any thread.</summary>
internal sealed class RequestSeries
{
    private long _requestMessages, _responseMessages, _last;

    internal ValueHistogram Duration { get; } = new();

    internal ValueHistogram RequestBytes { get; } = new();

    internal ValueHistogram ResponseBytes { get; } = new();

    internal long RequestMessages => Volatile.Read(ref _requestMessages);

    internal long ResponseMessages => Volatile.Read(ref _responseMessages);

    /// <summary>Timestamp of the last request.</summary>
    internal long Last => Volatile.Read(ref _last);

    internal void Count(TimeSpan duration, long requestBytes, long responseBytes, long now)
    {
        Volatile.Write(ref _last, now);
        Duration.Observe(duration.TotalMilliseconds);
        RequestBytes.Observe(requestBytes);
        ResponseBytes.Observe(responseBytes);
    }

    internal void CountMessages(long request, long response)
    {
        Interlocked.Add(ref _requestMessages, request);
        Interlocked.Add(ref _responseMessages, response);
    }

    internal void Add(RequestSeries other)
    {
        Duration.Add(other.Duration);
        RequestBytes.Add(other.RequestBytes);
        ResponseBytes.Add(other.ResponseBytes);
        CountMessages(other.RequestMessages, other.ResponseMessages);
    }
}
