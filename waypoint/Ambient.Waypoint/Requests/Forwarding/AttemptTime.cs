namespace Ambient.Waypoint.Requests.Forwarding;

/// <summary>The time for one attempt: it runs once the request has been sent whole, until the answer's headers are there.</summary>
internal sealed class AttemptTime : IDisposable
{
    private readonly CancellationTokenSource _over;
    private readonly CancellationTokenRegistration _outer;
    private readonly Lock _lock = new();
    private bool _stopped;

    public AttemptTime(TimeSpan limit, RequestBody? body, TimeProvider time, CancellationToken outer)
    {
        _over = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _outer = outer.UnsafeRegister(static time => ((AttemptTime)time!).End(), this);
        if (body is null or { Ended: true })
        {
            _over.CancelAfter(limit);
        }
        else
        {
            body.Completed += () => Begin(limit);
        }
    }

    public CancellationToken Token => _over.Token;

    public bool IsOver => _over.IsCancellationRequested;

    public void Stop()
    {
        lock (_lock)
        {
            _stopped = true;
            if (!_over.IsCancellationRequested)
            {
                _over.CancelAfter(Timeout.InfiniteTimeSpan);
            }
        }
    }

    public void Dispose()
    {
        _outer.Dispose();
        lock (_lock)
        {
            _stopped = true;
            _over.Dispose();
        }
    }

    // Called by the outer token: whoever cancels that, for many requests perhaps, is not stopped by what this attempt's callbacks throw.
    private void End()
    {
        try
        {
            _over.Cancel();
        }
        catch (Exception e) when (e is AggregateException or ObjectDisposedException)
        {
        }
    }

    private void Begin(TimeSpan limit)
    {
        lock (_lock)
        {
            if (!_stopped)
            {
                _over.CancelAfter(limit);
            }
        }
    }
}
