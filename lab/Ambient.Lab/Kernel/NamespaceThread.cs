namespace Ambient.Lab.Kernel;

/// <summary>
/// Runs work on a thread of its own that ends with it. Namespaces, mounts and capabilities belong to a thread, so whatever
/// the work enters or drops is seen by the processes it spawns and the sockets it makes, and by nobody else.
/// </summary>
internal static class NamespaceThread
{
    private const int StackBytes = 256 * 1024;

    public static Task<T> RunAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(
            () =>
            {
                try
                {
                    done.SetResult(work());
                }
                catch (Exception e)
                {
                    done.SetException(e);
                }
            },
            StackBytes)
        { IsBackground = true, Name = "namespace" };
        thread.Start();
        return done.Task;
    }

    public static Task RunAsync(Action work) => RunAsync(() =>
    {
        work();
        return true;
    });

    /// <summary>The calling thread enters a namespace file; never call it on a pool thread.</summary>
    public static void Enter(string path, int type)
    {
        var fd = Native.Check(Native.Open(path, Native.ORdOnly | Native.OCloExec, 0), $"open {path}");
        try
        {
            Native.Check(Native.SetNs(fd, type), $"setns {path}");
        }
        finally
        {
            _ = Native.Close(fd);
        }
    }

    /// <summary>The calling thread enters the network namespace at a path such as <c>/run/netns/NAME</c>.</summary>
    public static void EnterNetwork(string path) => Enter(path, Native.CloneNewNet);
}
