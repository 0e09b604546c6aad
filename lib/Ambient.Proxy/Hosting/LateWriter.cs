namespace Ambient.Proxy.Hosting;

/// <summary>
/// Writes a while after it was asked to, so that many changes are one write, and never so often that writing takes more than a
/// twentieth of a core. On the thread pool.
/// </summary>
internal sealed class LateWriter
{
    private const int Idle = 20;

    private readonly Action _write;
    private readonly TimeSpan _gather;
    private readonly TimeProvider _time;
    private readonly DirtyLoop _loop;
    private volatile TaskCompletionSource _hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan _pause;

    /// <param name="write">Must not throw.</param>
    /// <param name="gather">The least time between a change and its write.</param>
    /// <param name="time">For both.</param>
    internal LateWriter(Action write, TimeSpan gather, TimeProvider time)
    {
        _write = write;
        _gather = _pause = gather;
        _time = time;
        _loop = new DirtyLoop(WriteLaterAsync);
    }

    internal void Wake() => _loop.Wake();

    /// <summary>After <see cref="StopAsync"/>; looks at once whether there is something to write.</summary>
    internal void Start()
    {
        _hurry = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _loop.Resume();
    }

    /// <param name="write">What is not written yet is written now; false: somebody else writes from here on.</param>
    internal async Task StopAsync(bool write)
    {
        Task stopped = _loop.StopAsync();
        _hurry.TrySetResult();
        await stopped;
        if (write)
        {
            _write();
        }
    }

    private async Task WriteLaterAsync()
    {
        TaskCompletionSource hurry = _hurry;
        await Task.WhenAny(Task.Delay(_pause, _time, CancellationToken.None), hurry.Task);
        if (hurry.Task.IsCompleted)
        {
            return;
        }

        long started = _time.GetTimestamp();
        _write();
        TimeSpan rest = _time.GetElapsedTime(started) * Idle;
        _pause = rest > _gather ? rest : _gather;
    }
}
