namespace Ambient.Testing;

/// <summary>
/// A clock that stands until a test moves it. Timers that come due run on the thread that moves it, in the order of their due times, each
/// at its own instant. Safe for use from several threads.
/// </summary>
public sealed class ManualTime(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now = start;

    /// <summary>Starts at an instant that has nothing special about it.</summary>
    public ManualTime()
        : this(new DateTimeOffset(2030, 5, 17, 9, 30, 0, TimeSpan.Zero))
    {
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Timers that are set now; lets a test wait until the code under test has begun to wait.</summary>
    public int ActiveTimers
    {
        get
        {
            lock (_gate)
            {
                return _timers.Count;
            }
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock and runs what comes due on the way.</summary>
    public void Advance(TimeSpan by)
    {
        DateTimeOffset end = GetUtcNow() + by;
        while (TakeDue(end) is { } due)
        {
            due.Fire();
        }
    }

    private ManualTimer? TakeDue(DateTimeOffset end)
    {
        lock (_gate)
        {
            ManualTimer? next = _timers.MinBy(timer => timer.Due);
            if (next is null || next.Due > end)
            {
                _now = end > _now ? end : _now;
                return null;
            }

            _now = next.Due > _now ? next.Due : _now;
            if (next.Period > TimeSpan.Zero)
            {
                next.Due += next.Period;
            }
            else
            {
                _timers.Remove(next);
            }

            return next;
        }
    }

    private sealed class ManualTimer(ManualTime owner, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset Due { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            bool immediately = dueTime == TimeSpan.Zero;
            lock (owner._gate)
            {
                owner._timers.Remove(this);
                Period = period;
                if (dueTime != Timeout.InfiniteTimeSpan && (!immediately || period > TimeSpan.Zero))
                {
                    Due = owner._now + (immediately ? period : dueTime);
                    owner._timers.Add(this);
                }
            }

            if (immediately)
            {
                ThreadPool.QueueUserWorkItem(_ => callback(state));
            }

            return true;
        }

        public void Dispose()
        {
            lock (owner._gate)
            {
                owner._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
