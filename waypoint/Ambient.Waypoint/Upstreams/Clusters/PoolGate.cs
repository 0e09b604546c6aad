using Ambient.Core.Routes;

namespace Ambient.Waypoint.Upstreams.Clusters;

/// <summary>
/// Limits of one cluster: requests at once, and requests that wait because all connections are taken. With HTTP/1.1 a request takes a whole
/// connection, with HTTP/2 a stream of one. Without limits, entering is one addition. Thread-safe.
/// </summary>
internal sealed class PoolGate
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _queue = [];
    private long _active;
    private int _waiting;
    private int _retries;
    private long _overflows;

    /// <summary>Requests under way.</summary>
    public long Active => Interlocked.Read(ref _active);

    /// <summary>Requests that wait for a connection.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    public int Retries => Volatile.Read(ref _retries);

    /// <summary>Requests refused since the start.</summary>
    public long Overflows => Interlocked.Read(ref _overflows);

    /// <summary>Null: entered, and <see cref="Leave"/> must follow. Otherwise the limit that refuses, in words.</summary>
    public ValueTask<string?> EnterAsync(ConnectionPool pool, bool http2, CancellationToken cancellation)
    {
        long capacity = Capacity(pool, http2);
        if (Interlocked.Increment(ref _active) <= capacity)
        {
            return default;
        }

        Interlocked.Decrement(ref _active);
        return WaitAsync(pool, http2, capacity, cancellation);
    }

    public void Leave()
    {
        Interlocked.Decrement(ref _active);
        if (Volatile.Read(ref _waiting) > 0)
        {
            LetIn();
        }
    }

    /// <summary>False: too many retries are under way. Otherwise <see cref="EndRetry"/> must follow.</summary>
    public bool TryStartRetry(ConnectionPool pool)
    {
        if (Interlocked.Increment(ref _retries) <= pool.MaxRetries)
        {
            return true;
        }

        Interlocked.Decrement(ref _retries);
        return false;
    }

    public void EndRetry() => Interlocked.Decrement(ref _retries);

    private static long Capacity(ConnectionPool pool, bool http2)
    {
        long connections = http2 ? Math.Min((long)pool.MaxConnections * pool.MaxConcurrentStreams, long.MaxValue) : pool.MaxConnections;
        return Math.Min(pool.MaxRequests, Math.Max(1, connections));
    }

    private ValueTask<string?> WaitAsync(ConnectionPool pool, bool http2, long capacity, CancellationToken cancellation)
    {
        Waiter waiter;
        lock (_lock)
        {
            if (Active >= pool.MaxRequests)
            {
                Interlocked.Increment(ref _overflows);
                return new ValueTask<string?>($"{pool.MaxRequests} requests are under way, which is the most that the destination rule allows");
            }

            if ((uint)_waiting >= pool.MaxPendingRequests)
            {
                Interlocked.Increment(ref _overflows);
                string kind = http2 ? "streams" : "connections";
                return new ValueTask<string?>($"all {capacity} {kind} are taken and {_waiting} requests wait, which is the most that the destination rule allows");
            }

            waiter = new Waiter(capacity);
            _queue.AddLast(waiter);
            Interlocked.Increment(ref _waiting);
        }

        // Between the first look and now a place may have become free, whose leaver saw nobody waiting.
        LetIn();
        return new ValueTask<string?>(waiter.WaitAsync(this, cancellation));
    }

    private void LetIn()
    {
        lock (_lock)
        {
            while (_queue.First is { } first)
            {
                if (Interlocked.Increment(ref _active) > first.Value.Capacity)
                {
                    Interlocked.Decrement(ref _active);
                    return;
                }

                _queue.RemoveFirst();
                Interlocked.Decrement(ref _waiting);
                if (!first.Value.TrySetResult())
                {
                    Interlocked.Decrement(ref _active);
                }
            }
        }
    }

    private void GiveUp(Waiter waiter)
    {
        lock (_lock)
        {
            if (_queue.Remove(waiter))
            {
                Interlocked.Decrement(ref _waiting);
            }
        }
    }

    private sealed class Waiter(long capacity) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public long Capacity => capacity;

        public async Task<string?> WaitAsync(PoolGate gate, CancellationToken cancellation)
        {
            await using CancellationTokenRegistration registration =
                cancellation.UnsafeRegister(static (w, c) => ((Waiter)w!).TrySetCanceled(c), this);
            try
            {
                await Task;
                return null;
            }
            catch (OperationCanceledException)
            {
                gate.GiveUp(this);
                throw;
            }
        }
    }
}
