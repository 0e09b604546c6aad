namespace Ambient.Kube.Working;

/// <summary>
/// client-go's work queue. A key waits at most once however often it is added; one that is added while it is being worked on is
/// worked on once more afterwards, never by two at a time. <see cref="Done"/> belongs to each key that was got.
/// </summary>
public sealed class WorkQueue<TKey> : IDisposable
    where TKey : notnull
{
    private readonly RateLimit _limit;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly Queue<TKey> _ready = new();
    private readonly HashSet<TKey> _dirty = [];
    private readonly HashSet<TKey> _processing = [];
    private readonly Dictionary<TKey, int> _failures = [];
    private readonly PriorityQueue<TKey, TimeSpan> _waiting = new();
    private readonly Dictionary<TKey, TimeSpan> _due = [];
    private readonly Queue<TaskCompletionSource<bool>> _takers = new();
    private readonly ITimer _timer;
    private readonly long _start;
    private double _tokens;
    private TimeSpan _tokensAt;
    private bool _shutDown;

    public WorkQueue(RateLimit? limit = null, TimeProvider? time = null)
    {
        _limit = limit ?? new RateLimit();
        _time = time ?? TimeProvider.System;
        _tokens = _limit.Burst;
        _start = _time.GetTimestamp();
        _timer = _time.CreateTimer(static queue => ((WorkQueue<TKey>)queue!).MoveDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Keys that are ready now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _ready.Count;
            }
        }
    }

    private TimeSpan Now => _time.GetElapsedTime(_start);

    public void Add(TKey key)
    {
        lock (_lock)
        {
            AddLocked(key);
        }
    }

    /// <summary>Adds after a wait; when it waits already, the earlier time stands.</summary>
    public void AddAfter(TKey key, TimeSpan wait)
    {
        lock (_lock)
        {
            if (wait <= TimeSpan.Zero)
            {
                AddLocked(key);
                return;
            }

            TimeSpan due = Now + wait;
            if (_shutDown || (_due.TryGetValue(key, out TimeSpan standing) && standing <= due))
            {
                return;
            }

            _due[key] = due;
            _waiting.Enqueue(key, due);
            SetTimer();
        }
    }

    /// <summary>Adds after the key's own back-off and the queue's rate, whichever is longer.</summary>
    public void AddRateLimited(TKey key)
    {
        TimeSpan wait;
        lock (_lock)
        {
            int failures = _failures.GetValueOrDefault(key);
            _failures[key] = failures + 1;
            double own = _limit.FirstBackoff.TotalSeconds * Math.Pow(2, Math.Min(failures, 60));
            wait = TimeSpan.FromSeconds(Math.Max(Math.Min(own, _limit.MaxBackoff.TotalSeconds), TakeToken().TotalSeconds));
        }

        AddAfter(key, wait);
    }

    /// <summary>The key went well: its next failure is its first.</summary>
    public void Forget(TKey key)
    {
        lock (_lock)
        {
            _failures.Remove(key);
        }
    }

    public int NumRequeues(TKey key)
    {
        lock (_lock)
        {
            return _failures.GetValueOrDefault(key);
        }
    }

    /// <summary>Waits for a key; <c>Ok</c> is false once the queue is shut down and empty.</summary>
    public async ValueTask<(bool Ok, TKey? Key)> GetAsync(CancellationToken cancellation = default)
    {
        while (true)
        {
            TaskCompletionSource<bool> taker;
            lock (_lock)
            {
                if (_ready.TryDequeue(out TKey? key))
                {
                    _dirty.Remove(key);
                    _processing.Add(key);
                    return (true, key);
                }

                if (_shutDown)
                {
                    return (false, default);
                }

                taker = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
                _takers.Enqueue(taker);
            }

            await using (cancellation.Register(static t => ((TaskCompletionSource<bool>)t!).TrySetCanceled(), taker))
            {
                await taker.Task;
            }
        }
    }

    /// <summary>Work on the key has ended, well or not.</summary>
    public void Done(TKey key)
    {
        lock (_lock)
        {
            _processing.Remove(key);
            if (_dirty.Contains(key))
            {
                _ready.Enqueue(key);
                Wake();
            }
        }
    }

    /// <summary>Takes nothing more in; what is ready is still handed out.</summary>
    public void ShutDown()
    {
        lock (_lock)
        {
            _shutDown = true;
            while (_takers.TryDequeue(out TaskCompletionSource<bool>? taker))
            {
                taker.TrySetResult(true);
            }
        }
    }

    public void Dispose()
    {
        ShutDown();
        _timer.Dispose();
    }

    private void AddLocked(TKey key)
    {
        if (_shutDown || !_dirty.Add(key) || _processing.Contains(key))
        {
            return;
        }

        _ready.Enqueue(key);
        Wake();
    }

    private void Wake()
    {
        // A taker that gave up stays in the queue until here.
        while (_takers.TryDequeue(out TaskCompletionSource<bool>? taker) && !taker.TrySetResult(true))
        {
        }
    }

    private void MoveDue()
    {
        lock (_lock)
        {
            TimeSpan now = Now;
            while (_waiting.TryPeek(out TKey? key, out TimeSpan due) && due <= now)
            {
                _waiting.Dequeue();

                // An entry that an earlier time has overtaken no longer stands.
                if (_due.TryGetValue(key, out TimeSpan standing) && standing == due)
                {
                    _due.Remove(key);
                    AddLocked(key);
                }
            }

            SetTimer();
        }
    }

    private void SetTimer()
    {
        if (!_shutDown && _waiting.TryPeek(out _, out TimeSpan due))
        {
            TimeSpan wait = due - Now;
            _timer.Change(wait > TimeSpan.FromMilliseconds(1) ? wait : TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        }
    }

    // A token bucket whose level may go below zero: the debt is the wait.
    private TimeSpan TakeToken()
    {
        TimeSpan now = Now;
        _tokens = Math.Min(_limit.Burst, _tokens + ((now - _tokensAt).TotalSeconds * _limit.PerSecond));
        _tokensAt = now;
        _tokens--;
        return _tokens >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-_tokens / _limit.PerSecond);
    }
}
