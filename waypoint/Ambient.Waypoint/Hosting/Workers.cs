namespace Ambient.Waypoint.Hosting;

/// <summary>
/// How many threads of the pool serve requests. A request of HTTP/2 goes through the pool some five times on its way; with a second thread at hand each time
/// that one is woken to find nothing. So there are as many as the loops of the transport leave cores, and they do not spin (runtimeconfig.template.json;
/// docs/decisions/waypoint-cpu.md). The runtime adds threads when work waits for half a second, or where one blocks, but takes none back from a pool that is
/// never idle; this does.
/// </summary>
internal static class Workers
{
    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(5);

    /// <summary>Before anything runs on the pool; until the timer is disposed.</summary>
    internal static ITimer Keep(TimeProvider time)
    {
        int count = For(Environment.ProcessorCount);
        ThreadPool.GetMinThreads(out _, out int io);
        ThreadPool.SetMinThreads(count, io);
        Return(count);
        return time.CreateTimer(static count => Return((int)count!), count, s_again, s_again);
    }

    /// <summary>A quarter of the cores polls, one at least.</summary>
    internal static int For(int cores) => Math.Max(1, cores - Math.Max(1, cores / 4));

    // The number that the pool aims at comes down with the limit; the limit then goes back to where it was.
    private static void Return(int count)
    {
        ThreadPool.GetMaxThreads(out int most, out int io);
        ThreadPool.SetMaxThreads(count, io);
        ThreadPool.SetMaxThreads(most, io);
    }
}
