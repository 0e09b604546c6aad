namespace Ambient.Proxy.Hosting;

/// <summary>
/// Runs work whenever it was asked for since it last began: never twice at once, never lost, any number of requests as one.
/// Work must not throw. Not on the caller's thread, which may be one that serves connections.
/// </summary>
internal sealed class DirtyLoop(Func<Task> work)
{
    private readonly Lock _gate = new();
    private bool _dirty, _stopped;
    private Task _running = Task.CompletedTask;

    internal void Wake()
    {
        lock (_gate)
        {
            _dirty = !_stopped;
            if (_dirty && _running.IsCompleted)
            {
                _running = RunAsync();
            }
        }
    }

    /// <summary>No more work; completes when the last has ended.</summary>
    internal Task StopAsync()
    {
        lock (_gate)
        {
            _stopped = true;
            _dirty = false;
            return _running;
        }
    }

    /// <summary>Takes requests again.</summary>
    internal void Resume()
    {
        lock (_gate)
        {
            _stopped = false;
        }

        Wake();
    }

    private async Task RunAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (Take())
        {
            await work();
        }
    }

    // The decision to end and the end of the task are seen together: a Wake in between would find a task about to end.
    private bool Take()
    {
        lock (_gate)
        {
            bool more = _dirty;
            _dirty = false;
            if (!more)
            {
                _running = Task.CompletedTask;
            }

            return more;
        }
    }
}
