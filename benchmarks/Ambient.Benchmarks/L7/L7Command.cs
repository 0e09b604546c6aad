using System.Globalization;
using Ambient.Benchmarks.Contenders;
using Ambient.Benchmarks.Hosts;
using Ambient.Benchmarks.Load;
using Ambient.Benchmarks.Measuring;

namespace Ambient.Benchmarks.L7;

/// <summary><c>ambient-bench l7</c>: HTTP proxies with mutual TLS on both sides, in one run; writes benchmarks/results/l7.json.</summary>
internal static class L7Command
{
    private const int Routes = 1000, Policies = 200, WarmUpConnections = 16, WarmUpSeconds = 2;
    private static readonly string[] s_contenders = ["direct", "haproxy", "nginx", "waypoint", "routes"];
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(string[] options, CancellationToken ct)
    {
        int rounds = Option(options, "--rounds", 3), seconds = Option(options, "--seconds", 3);
        string[] only = [.. Text(options, "--only", string.Join(',', s_contenders)).Split(',')];
        string[] names = [.. Text(options, "--loads", string.Join(',', L7Load.All.Select(l => l.Name))).Split(',')];
        L7Load[] loads = [.. L7Load.All.Where(l => names.Contains(l.Name))];
        WaypointVariant[] variants = [.. options.Index().Where(o => o.Item == "--variant").Select(o => WaypointVariant.Parse(options[o.Index + 1]))];
        string root = L4Command.RepositoryRoot(), peers = Path.Combine(root, "benchmarks", "peers"), binaries = Path.Combine(root, "artifacts", "bin");
        string work = Directory.CreateTempSubdirectory("ambient-bench-").FullName;
        BenchCertificates.Write(Path.Combine(work, "certs"));
        await BenchNetwork.CreateAsync(ct);
        using Backends plain = new(), captured = new();
        plain.Start("plain-s", work, peers, grpc: true);
        captured.Start("mesh-s", work, peers, grpc: true);
        IHttpContender[] contenders =
        [
            .. ((IHttpContender[])
            [
                new DirectWay(plain), new HttpPeer("haproxy", http2: true, work, peers), new HttpPeer("nginx", http2: false, work, peers),
                new WaypointWay("waypoint", work, binaries, 1, 0), new WaypointWay("routes", work, binaries, Routes, Policies),
            ]).Where(c => only.Contains(c.Name)),
            .. variants.Select(v => new WaypointWay(v.Name, work, binaries, 1, 0, v)),
        ];
        bool whole = loads.Length == L7Load.All.Count;
        var report = new L7Report();
        foreach (WaypointWay way in contenders.OfType<WaypointWay>().Where(_ => whole))
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
                    await MeasureAsync(contender, loads, report, seconds, ct);
                }
            }
        }

        report.Print(Console.Out, [.. contenders.Select(c => c.Name)]);
        if (whole && variants.Length == 0 && s_contenders.SequenceEqual(contenders.Select(c => c.Name)))
        {
            report.Write(Path.Combine(root, "benchmarks", "results", "l7.json"), L4Command.Machine(), rounds, seconds);
        }

        Directory.Delete(work, recursive: true);
        return 0;
    }

    private static async Task MeasureAsync(IHttpContender c, L7Load[] loads, L7Report report, int seconds, CancellationToken ct)
    {
        // How many routes there are matters for no protocol in particular.
        foreach (IGrouping<string, L7Load> protocol in loads.Where(l => l.TargetOf(c) is not null && (c.Name != "routes" || l.Protocol != "grpc")).GroupBy(l => l.Protocol))
        {
            double before = ProcessUsage.CpuSeconds(c.ProxyPids);
            WrkResult cold = await new L7Load(protocol.Key, WarmUpConnections).RunAsync(c, WarmUpSeconds, ct);
            if (c.ProxyPids.Count > 0)
            {
                // That of the first protocol is the first that the proxy has to do at all.
                report.Add(c.Name, $"cpu_per_request_warming_up_{protocol.Key}", (ProcessUsage.CpuSeconds(c.ProxyPids) - before) * 1e6 / cold.Requests);
            }

            foreach (L7Load load in protocol)
            {
                await MeasureAsync(c, load, report, seconds, ct);
            }
        }
    }

    private static async Task MeasureAsync(IHttpContender c, L7Load load, L7Report report, int seconds, CancellationToken ct)
    {
        double before = ProcessUsage.CpuSeconds(c.ProxyPids), pathBefore = ProcessUsage.CpuSeconds(c.PathPids);
        long slept = ProcessUsage.Switches(c.ProxyPids);
        WrkResult result = await load.RunAsync(c, seconds, ct);
        double used = ProcessUsage.CpuSeconds(c.ProxyPids) - before, path = ProcessUsage.CpuSeconds(c.PathPids) - pathBefore;
        slept = ProcessUsage.Switches(c.ProxyPids) - slept;
        if (result.Errors > 0)
        {
            throw new InvalidOperationException($"{c.Name}: {result.Errors} of {result.Requests} requests failed ({load.Name})");
        }

        if (c.ProxyPids.Count > 0)
        {
            report.Add(c.Name, $"cpu_per_request_{load.Name}", used * 1e6 / result.Requests);
            report.Add(c.Name, $"switches_per_request_{load.Name}", (double)slept / result.Requests);
        }

        if (c.PathPids.Count > 0)
        {
            report.Add(c.Name, $"cpu_path_per_request_{load.Name}", path * 1e6 / result.Requests);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"    {load.Name}: {result.PerSecond:F0} requests/s, proxy {used * 1e6 / result.Requests:F1} us CPU and {(double)slept / result.Requests:F2} switches a request"));
        report.Add(c.Name, $"rps_{load.Name}", result.PerSecond);
        report.Add(c.Name, $"p50_{load.Name}", result.P50Us);
        report.Add(c.Name, $"p99_{load.Name}", result.P99Us);
    }

    private static int Option(string[] options, string name, int fallback) =>
        int.Parse(Text(options, name, fallback.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);

    private static string Text(string[] options, string name, string fallback)
    {
        int at = Array.IndexOf(options, name);
        return at >= 0 && at + 1 < options.Length ? options[at + 1] : fallback;
    }
}
