using System.Globalization;
using Ambient.Benchmarks.Contenders;
using Ambient.Benchmarks.Hosts;
using Ambient.Benchmarks.Load;

namespace Ambient.Benchmarks;

/// <summary><c>ambient-bench l4</c>: makes the hosts, runs the rounds, prints the table and writes benchmarks/results/l4.json.</summary>
internal static class L4Command
{
    public static async Task<int> RunAsync(string[] options, CancellationToken ct)
    {
        int rounds = Option(options, "--rounds", 3);
        int seconds = Option(options, "--seconds", 4);
        string[] only = [.. Text(options, "--only", "direct,haproxy,nginx,ztunnel").Split(',')];
        string root = RepositoryRoot();
        string peers = Path.Combine(root, "benchmarks", "peers");
        string work = Directory.CreateTempSubdirectory("ambient-bench-").FullName;
        string certificates = Path.Combine(work, "certs");
        BenchCertificates.Write(certificates);
        await BenchNetwork.CreateAsync(ct);
        using Backends backends = new();
        backends.Start("plain-s", work, peers);
        backends.Start("mesh-s", work, peers);

        string ztunnel = Path.Combine(root, "artifacts", "bin", "Ambient.Ztunnel", "release", "Ambient.Ztunnel");
        IContender[] contenders =
        [
            .. ((IContender[])[new Direct(), new Haproxy(work, peers), new Nginx(work, peers), new ZtunnelPair(work, ztunnel)]).Where(c => only.Contains(c.Name)),
        ];
        L4Benchmark benchmark = new(contenders, certificates, seconds);
        if (only.Contains("own") || contenders.Length == 4)
        {
            Console.WriteLine("memory and enrolment");
            await new OwnMeasures(work, ztunnel, benchmark.Report).RunAsync(ct);
        }

        if (only.Contains("policy") || contenders.Length == 4)
        {
            Console.WriteLine("policies in a lab");
            await new PolicyDelay(benchmark.Report).RunAsync(ct);
        }

        for (int round = 1; round <= rounds; round++)
        {
            Console.WriteLine($"round {round} of {rounds}");
            await benchmark.RunRoundAsync(ct);
        }

        benchmark.Report.Print(Console.Out, [.. contenders.Select(c => c.Name)]);
        if (contenders.Length == 4)
        {
            benchmark.Report.Write(Path.Combine(root, "benchmarks", "results", "l4.json"), Machine(), rounds, seconds);
        }

        Directory.Delete(work, recursive: true);
        return 0;
    }

    private static int Option(string[] options, string name, int fallback) =>
        int.Parse(Text(options, name, fallback.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);

    private static string Text(string[] options, string name, string fallback)
    {
        int at = Array.IndexOf(options, name);
        return at >= 0 && at + 1 < options.Length ? options[at + 1] : fallback;
    }

    public static string Machine()
    {
        string model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) ?? "";
        return $"{Environment.ProcessorCount} x {model[(model.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()}";
    }

    public static string RepositoryRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Ambient.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("run the benchmark from a checkout: its peers' configurations are in benchmarks/peers");
    }
}
