using System.Globalization;
using System.Text;

namespace Ambient.Benchmarks.Control;

/// <summary><c>ambient-bench control</c>: the compiler and the operator by size of the mesh; writes benchmarks/results/control.md.</summary>
internal static class ControlCommand
{
    public static async Task<int> RunAsync(string[] options, CancellationToken ct)
    {
        int[] sizes = [.. Text(options, "--sizes", "1000,10000").Split(',').Select(s => int.Parse(s, CultureInfo.InvariantCulture))];
        int proxies = int.Parse(Text(options, "--proxies", "100"), CultureInfo.InvariantCulture);
        int policies = int.Parse(Text(options, "--policies", "100"), CultureInfo.InvariantCulture);
        string root = L4Command.RepositoryRoot();
        var text = new StringBuilder(Header());
        foreach (int pods in sizes)
        {
            foreach (int standing in (int[])[100, 1000])
            {
                Compile(text, pods, standing);
            }
        }

        text.Append("\n## The operator\n\n| pods | what | value |\n|---|---|---|\n");
        foreach (int pods in sizes)
        {
            foreach (OperatorUnderLoad.Row row in await new OperatorUnderLoad(pods, proxies, policies, root).RunAsync(ct))
            {
                Write(text, $"| {row.Pods:N0} | {row.What} | {row.Value} |\n");
            }
        }

        await File.WriteAllTextAsync(Path.Combine(root, "benchmarks", "results", "control.md"), text.ToString(), ct);
        return 0;
    }

    private static void Compile(StringBuilder text, int pods, int policies)
    {
        Write(text, $"\n## {pods:N0} pods, {policies:N0} policies\n\n| change | median ms | CPU ms, mean | worst ms | KiB allocated | resources published |\n|---|---|---|---|---|---|\n");
        foreach (CompileMeasurement.Row row in new CompileMeasurement(pods, policies).Run())
        {
            Write(text, $"| {row.Change} | {row.MedianMs:0.00} | {row.CpuMs:0.00} | {row.WorstMs:0.00} | {row.KiloBytes:0} | {row.Resources:N0} |\n");
        }
    }

    private static void Write(StringBuilder text, FormattableString line)
    {
        string written = line.ToString(CultureInfo.InvariantCulture);
        text.Append(written);
        Console.Write(written);
    }

    private static string Header() => string.Create(CultureInfo.InvariantCulture, $"""
        # The control plane by size

        `ambient-bench control`, {Environment.ProcessorCount} cores, .NET {Environment.Version}. Namespaces of 1,000 pods in deployments of 20, a Service for each
        deployment. Compiler: 30 single changes in a row against what stands, put and flushed, on one thread; medians, and CPU time apart. Load average at the start: {File.ReadAllText("/proc/loadavg").Split(' ')[0]}. Operator: its own
        process, the API server, 100 standing policies and all proxies in another on the same machine, the default debounce of 10 ms.

        """);

    private static string Text(string[] options, string name, string otherwise) =>
        Array.IndexOf(options, name) is >= 0 and var at && at + 1 < options.Length ? options[at + 1] : otherwise;
}
