using System.Globalization;
using Ambient.Benchmarks.Contenders;
using Ambient.Benchmarks.Hosts;
using Ambient.Benchmarks.Load;
using Ambient.Benchmarks.Measuring;

namespace Ambient.Benchmarks.L7;

/// <summary><c>ambient-bench l7</c>: HTTP proxies with mutual TLS on both sides, in one run; writes benchmarks/results/l7.json.</summary>
internal static class L7Command
{
    private const int Routes = 1000, Policies = 200;
    private static readonly int[] s_connections = [1, 64];
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(string[] options, CancellationToken ct)
    {
        int rounds = Option(options, "--rounds", 3), seconds = Option(options, "--seconds", 4);
        string[] only = [.. Text(options, "--only", "haproxy,nginx,waypoint,routes").Split(',')];
        string root = L4Command.RepositoryRoot(), peers = Path.Combine(root, "benchmarks", "peers"), binaries = Path.Combine(root, "artifacts", "bin");
        string work = Directory.CreateTempSubdirectory("ambient-bench-").FullName;
        BenchCertificates.Write(Path.Combine(work, "certs"));
        await BenchNetwork.CreateAsync(ct);
        using Backends backends = new();
        backends.Start("plain-s", work, peers);
        backends.Start("mesh-s", work, peers);
        IHttpContender[] contenders =
        [
            .. ((IHttpContender[])
            [
                new HttpPeer("haproxy", http2: true, work, peers), new HttpPeer("nginx", http2: false, work, peers),
                new WaypointWay("waypoint", work, binaries, 1, 0), new WaypointWay("routes", work, binaries, Routes, Policies),
            ]).Where(c => only.Contains(c.Name)),
        ];
        var report = new L7Report();
        foreach (WaypointWay way in contenders.OfType<WaypointWay>())
        {
            await using (way)
            {
                await way.StartIdleAsync(ct);
                await Task.Delay(s_settle, TimeProvider.System, ct);
                report.Add(way.Name, "rss_idle_mb", way.ResidentKb / 1024.0);
            }
        }

        for (int round = 1; round <= rounds; round++)
        {
            Console.WriteLine($"round {round} of {rounds}");
            foreach (IHttpContender contender in contenders)
            {
                Console.WriteLine($"  {contender.Name}");
                await using (contender)
                {
                    await contender.StartAsync(ct);
                    await MeasureAsync(contender, report, seconds, ct);
                }
            }
        }

        report.Print(Console.Out, [.. contenders.Select(c => c.Name)]);
        if (contenders.Length == 4)
        {
            report.Write(Path.Combine(root, "benchmarks", "results", "l7.json"), L4Command.Machine(), rounds, seconds);
        }

        Directory.Delete(work, recursive: true);
        return 0;
    }

    private static async Task MeasureAsync(IHttpContender c, L7Report report, int seconds, CancellationToken ct)
    {
        await Wrk.RunAsync(c.ClientHost, c.Target, 16, 3, close: false, ct);
        foreach (int connections in s_connections)
        {
            await MeasureAsync(c, report, $"http1_{connections}", () => Wrk.RunAsync(c.ClientHost, c.Target, connections, seconds, close: false, ct));
        }

        if (c.Http2Target is not { } http2)
        {
            return;
        }

        await Http2Load.RunAsync(c.ClientHost, http2, 16, 3, ct);
        foreach (int connections in s_connections)
        {
            await MeasureAsync(c, report, $"http2_{connections}", () => Http2Load.RunAsync(c.ClientHost, http2, connections, seconds, ct));
        }
    }

    private static async Task MeasureAsync(IHttpContender c, L7Report report, string what, Func<Task<WrkResult>> load)
    {
        double before = ProcessUsage.CpuSeconds(c.ProxyPids);
        WrkResult result = await load();
        double used = ProcessUsage.CpuSeconds(c.ProxyPids) - before;
        if (result.Errors > 0)
        {
            throw new InvalidOperationException($"{c.Name}: {result.Errors} of {result.Requests} requests failed ({what})");
        }

        report.Add(c.Name, $"cpu_per_request_{what}", used * 1e6 / result.Requests);
        report.Add(c.Name, $"rps_{what}", result.PerSecond);
        report.Add(c.Name, $"p50_{what}", result.P50Us);
        report.Add(c.Name, $"p99_{what}", result.P99Us);
    }

    private static int Option(string[] options, string name, int fallback) =>
        int.Parse(Text(options, name, fallback.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);

    private static string Text(string[] options, string name, string fallback)
    {
        int at = Array.IndexOf(options, name);
        return at >= 0 && at + 1 < options.Length ? options[at + 1] : fallback;
    }
}
