namespace Ambient.Lab.Kernel;

/// <summary>A process started by <see cref="Spawner"/>, leader of its own session. It is reaped by <see cref="Reaper"/>.</summary>
internal sealed class ChildProcess
{
    private readonly Lock gate = new();
    private readonly TaskCompletionSource<ExitStatus> exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool reaped;

    public ChildProcess(int id) => Id = id;

    public int Id { get; }

    public Task<ExitStatus> Exited => exited.Task;

    /// <summary>Sends a signal to the process, and with <paramref name="group"/> to its whole session's first group. Does nothing once it has ended.</summary>
    public void Signal(int signal, bool group = false)
    {
        lock (gate)
        {
            if (!reaped)
            {
                _ = Native.Kill(group ? -Id : Id, signal);
            }
        }
    }

    /// <summary>Under the lock, so that no signal can go to a process that took over the id.</summary>
    internal unsafe void Reap()
    {
        int status = 0;
        lock (gate)
        {
            if (Native.WaitPid(Id, &status, 0) < 0)
            {
                // Someone else in this process waited for it: it has ended, how is unknown.
                status = 255 << 8;
            }

            reaped = true;
        }

        exited.TrySetResult(ExitStatus.FromWait(status));
    }
}
