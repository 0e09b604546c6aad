using System.Diagnostics;
using Ambient.Benchmarks.Contenders;
using Ambient.Benchmarks.Load;
using Ambient.Benchmarks.Measuring;
using Ambient.Benchmarks.Reporting;

namespace Ambient.Benchmarks;

/// <summary>What only ours has: memory at rest, per enrolled pod and per held connection, and how long enrolment takes.</summary>
internal sealed class OwnMeasures(string workFolder, string program, L4Report report)
{
    private const int Pods = 50;
    private const int Held = 10_000;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan HoldFor = TimeSpan.FromSeconds(60);

    public async Task RunAsync(CancellationToken ct)
    {
        ExtraPods extra = new(Pods);
        await extra.CreateAsync(ct);
        await using ZtunnelPair pair = new(workFolder, program, extra);
        await pair.StartEmptyAsync(ct);
        await Pause(Settle, ct);
        report.Own["rss_idle_mb"] = Resident(pair).Max() / 1024.0;
        await pair.CaptureAsync(ct);
        await Pause(Settle, ct);
        await PodsAsync(pair, extra, ct);
        await HoldAsync(pair, ct);
    }

    private async Task PodsAsync(ZtunnelPair pair, ExtraPods extra, CancellationToken ct)
    {
        long before = Resident(pair)[0];
        List<double> times = [];
        foreach ((string pod, string address, string node) in extra.All)
        {
            long started = Stopwatch.GetTimestamp();
            pair.Add(node, pod, address);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        await Pause(Settle, ct);
        report.Own["rss_per_pod_kb"] = (Resident(pair)[0] - before) / (double)Pods;
        report.Own["enrol_ms"] = times.Order().ElementAt(times.Count / 2);
    }

    private async Task HoldAsync(ZtunnelPair pair, CancellationToken ct)
    {
        // The way is used once first, so that code and pools that any connection needs are not counted as the connections'.
        await Wrk.RunAsync(pair.ClientHost, pair.TargetFor(8082), 64, 2, close: false, ct);
        await Pause(Settle, ct);
        long[] before = Resident(pair);
        using Process holder = await HeldConnections.StartAsync(
            pair.ClientHost, pair.TargetFor(8082), Held, Path.Combine(workFolder, "holder.log"), ct);
        await Pause(HoldFor, ct);
        long[] after = Resident(pair);
        holder.Kill(entireProcessTree: true);
        report.Own["kb_per_idle_connection"] = after.Zip(before, (a, b) => (a - b) / (double)Held).Max();
    }

    private static long[] Resident(ZtunnelPair pair) => [.. pair.ProxyPids.Select(pid => ProcessUsage.ResidentKb([pid]))];

    private static Task Pause(TimeSpan time, CancellationToken ct) => Task.Delay(time, TimeProvider.System, ct);
}
