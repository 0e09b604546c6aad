using Ambient.Core.Requests;
using Ambient.Routing.Timing;

namespace Ambient.Waypoint.Requests;

/// <summary>
/// How long a request may still take. What the caller waits runs from the request's arrival; the route's timeout runs from when the request has
/// been read whole, so that slow uploads and streams are not cut, as in Envoy.
/// </summary>
internal sealed class RequestClock : IDisposable
{
    private readonly TimeProvider _time;
    private readonly long _arrived;
    private readonly RequestDeadline _caller;
    private readonly Lock _lock = new();
    private RequestDeadline _route;
    private long _begun;
    private bool _running;
    private CancellationTokenSource? _over;
    private bool _disposed;

    public RequestClock(TimeProvider time, long arrived, IRequestHeaders headers)
    {
        _time = time;
        _arrived = arrived;
        _caller = RequestDeadline.Of(null, headers);
    }

    /// <summary>The caller said how long it waits.</summary>
    public bool CallerWaits => _caller.Total is not null;

    /// <summary>Cancelled when the time is over; never when there is no end.</summary>
    public CancellationToken Token => _over?.Token ?? CancellationToken.None;

    public bool IsOver => Remaining is { Ticks: <= 0 } || _over?.IsCancellationRequested == true;

    /// <summary>Null: without end. Zero or less: over.</summary>
    public TimeSpan? Remaining
    {
        get
        {
            lock (_lock)
            {
                TimeSpan? caller = _caller.Total is { } wait ? wait - _time.GetElapsedTime(_arrived) : null;
                TimeSpan? route = _route.Total is { } total ? (_running ? total - _time.GetElapsedTime(_begun) : total) : null;
                return caller is null ? route : route is null || caller < route ? caller : route;
            }
        }
    }

    /// <summary>Whose time it is that ends first, in words.</summary>
    public string Words
    {
        get
        {
            bool route = _route.Total is { } total && (_caller.Total is not { } wait || total < wait);
            RequestDeadline first = route ? _route : _caller;
            return $"{first.Source} of {first.Total?.TotalSeconds:0.###} s is over";
        }
    }

    /// <summary>The route is known; its time does not run yet.</summary>
    public void SetRoute(TimeSpan? timeout)
    {
        _route = new RequestDeadline(timeout is { Ticks: > 0 } ? timeout : null, "route timeout");
        if ((_route.Total ?? _caller.Total) is not null)
        {
            _over = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time);
            Wind();
        }
    }

    /// <summary>The request has been read to its end: the route's time begins. Any thread, any number of times.</summary>
    public void RequestEnded()
    {
        lock (_lock)
        {
            if (_running || _disposed)
            {
                return;
            }

            _running = true;
            _begun = _time.GetTimestamp();
        }

        Wind();
    }

    /// <summary>The connection has become something else than a request, which has no end of its own.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _route = default;
            if (_over is { IsCancellationRequested: false } && !_disposed)
            {
                _over.CancelAfter(Timeout.InfiniteTimeSpan);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _over?.Dispose();
        }
    }

    private void Wind()
    {
        TimeSpan? remaining = _running ? Remaining : _caller.Total is { } wait ? wait - _time.GetElapsedTime(_arrived) : null;
        lock (_lock)
        {
            if (remaining is { } left && _over is not null && !_disposed)
            {
                _over.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
            }
        }
    }
}
