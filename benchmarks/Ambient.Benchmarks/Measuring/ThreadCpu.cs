using System.Globalization;

namespace Ambient.Benchmarks.Measuring;

/// <summary>CPU time of the current thread, by the scheduler's own count: what a busy machine takes away is not in it.</summary>
internal static class ThreadCpu
{
    public static double Milliseconds() =>
        long.Parse(File.ReadAllText("/proc/thread-self/schedstat").AsSpan().TrimEnd().ToString().Split(' ')[0], CultureInfo.InvariantCulture) / 1e6;
}
