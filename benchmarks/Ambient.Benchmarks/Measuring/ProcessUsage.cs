using System.Globalization;

namespace Ambient.Benchmarks.Measuring;

/// <summary>CPU time and memory of process trees, from /proc. Times have the kernel's tick, 10 ms.</summary>
internal static class ProcessUsage
{
    private const double TicksPerSecond = 100;

    /// <summary>User plus system seconds of the processes and all their descendants.</summary>
    public static double CpuSeconds(IEnumerable<int> roots) => Tree(roots).Sum(CpuOf);

    /// <summary>Resident KiB of the processes and all their descendants.</summary>
    public static long ResidentKb(IEnumerable<int> roots) => Tree(roots).Sum(ResidentOf);

    /// <summary>How often threads of the processes and their descendants have gone to sleep, as counted for the threads that live.</summary>
    public static long Switches(IEnumerable<int> roots) => Tree(roots).Sum(SwitchesOf);

    private static HashSet<int> Tree(IEnumerable<int> roots)
    {
        ILookup<int, int> children = Directory.EnumerateDirectories("/proc")
            .Select(d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out int pid) ? pid : 0)
            .Where(pid => pid > 0)
            .Select(pid => (Pid: pid, Parent: ParentOf(pid)))
            .ToLookup(p => p.Parent, p => p.Pid);
        HashSet<int> tree = [];
        Queue<int> open = new(roots);
        while (open.TryDequeue(out int pid))
        {
            if (tree.Add(pid))
            {
                foreach (int child in children[pid])
                {
                    open.Enqueue(child);
                }
            }
        }

        return tree;
    }

    private static int ParentOf(int pid) => Stat(pid) is { } f ? int.Parse(f[1], CultureInfo.InvariantCulture) : 0;

    private static double CpuOf(int pid) => Stat(pid) is { } f
        ? (double.Parse(f[11], CultureInfo.InvariantCulture) + double.Parse(f[12], CultureInfo.InvariantCulture)) / TicksPerSecond
        : 0;

    /// <summary>Fields of /proc/PID/stat after the command's closing parenthesis (the name may hold spaces).</summary>
    private static string[]? Stat(int pid)
    {
        try
        {
            string text = File.ReadAllText($"/proc/{pid}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static long SwitchesOf(int pid)
    {
        const string Field = "voluntary_ctxt_switches:";
        long sum = 0;
        try
        {
            foreach (string thread in Directory.EnumerateDirectories($"/proc/{pid}/task"))
            {
                string line = File.ReadLines(Path.Combine(thread, "status")).First(l => l.StartsWith(Field, StringComparison.Ordinal));
                sum += long.Parse(line.AsSpan(Field.Length), CultureInfo.InvariantCulture);
            }
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // A thread has ended meanwhile.
        }

        return sum;
    }

    private static long ResidentOf(int pid)
    {
        try
        {
            string line = File.ReadLines($"/proc/{pid}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
            return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            return 0;
        }
    }
}
