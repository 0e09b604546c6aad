using Ambient.Benchmarks.Contenders;
using Ambient.Benchmarks.Load;
using Ambient.Benchmarks.Measuring;
using Ambient.Benchmarks.Reporting;

namespace Ambient.Benchmarks;

/// <summary>
/// The rounds: in each, every contender in turn is started, loaded in the same order and stopped, so that what drifts on the
/// machine drifts for all. Then what only ours has: memory at rest, per pod and per held connection.
/// </summary>
internal sealed class L4Benchmark(IReadOnlyList<IContender> contenders, string certificates, int seconds)
{
    /// <summary>Outside the mesh: a captured client may not address a proxy's own port.</summary>
    private const string HandshakeHost = "plain-c";

    public L4Report Report { get; } = new();

    public async Task RunRoundAsync(CancellationToken ct)
    {
        foreach (IContender contender in contenders)
        {
            Console.WriteLine($"  {contender.Name}");
            await contender.StartAsync(ct);
            await using (contender)
            {
                await MeasureAsync(contender, ct);
            }
        }
    }

    private async Task MeasureAsync(IContender c, CancellationToken ct)
    {
        string http = c.TargetFor(8080);
        await Wrk.RunAsync(c.ClientHost, http, 16, 2, close: false, ct);
        await RequestsAsync(c, http, 1, ct);
        await RequestsAsync(c, http, 64, ct);
        await BulkAsync(c, 1, ct);
        await BulkAsync(c, 4, ct);
        WrkResult fresh = await Wrk.RunAsync(c.ClientHost, http, 16, seconds, close: true, ct);
        Report.Add(c.Name, "connections_per_s", fresh.PerSecond);
        if (c.HandshakeTarget is { } target)
        {
            Report.Add(c.Name, "handshakes_per_s", await Handshakes.PerSecondAsync(HandshakeHost, target, certificates, seconds, ct));
        }
    }

    private async Task RequestsAsync(IContender c, string target, int connections, CancellationToken ct)
    {
        double before = ProcessUsage.CpuSeconds(c.ProxyPids);
        WrkResult result = await Wrk.RunAsync(c.ClientHost, target, connections, seconds, close: false, ct);
        double used = ProcessUsage.CpuSeconds(c.ProxyPids) - before;
        if (result.Errors > 0)
        {
            throw new InvalidOperationException($"{c.Name}: {result.Errors} of {result.Requests} requests failed at {connections} connections");
        }

        Report.Add(c.Name, $"rps_{connections}", result.PerSecond);
        Report.Add(c.Name, $"p50_{connections}", result.P50Us);
        Report.Add(c.Name, $"p99_{connections}", result.P99Us);
        if (c.ProxyPids.Count > 0)
        {
            Report.Add(c.Name, $"cpu_per_request_{connections}", used * 1e6 / result.Requests);
        }
    }

    private async Task BulkAsync(IContender c, int streams, CancellationToken ct)
    {
        double before = ProcessUsage.CpuSeconds(c.ProxyPids);
        IperfResult result = await Iperf.RunAsync(c.ClientHost, c.TargetFor(8081), streams, seconds, ct);
        double used = ProcessUsage.CpuSeconds(c.ProxyPids) - before;
        Report.Add(c.Name, $"gbps_{streams}", result.GigabitsPerSecond);
        if (c.ProxyPids.Count > 0)
        {
            Report.Add(c.Name, $"cpu_per_gb_{streams}", used / (result.Bytes / 1e9));
        }
    }
}
