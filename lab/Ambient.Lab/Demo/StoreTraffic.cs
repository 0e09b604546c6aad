using System.Globalization;
using Ambient.Lab.Kernel;

namespace Ambient.Lab.Demo;

/// <summary>Requests inside the store, told failures, and what its waypoint says of itself.</summary>
internal sealed class StoreTraffic(LabCluster lab)
{
    public const string Namespace = "store";

    private const string Orders = "http://orders/api/orders/7";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private string _gateway = "";
    private string _waypoint = "";

    public string Waypoint => _waypoint;

    public async Task ReadyAsync(CancellationToken ct)
    {
        foreach (string app in (string[])["orders", "auth", "payment", "inventory", "notification"])
        {
            _ = await lab.WaitReadyAsync(Namespace, $"app={app}", app == "orders" ? 2 : 1, Patience, ct);
        }

        _gateway = (await lab.WaitReadyAsync(Namespace, "app=gateway", 1, Patience, ct))[0];
    }

    public async Task WaypointReadyAsync(CancellationToken ct) =>
        _waypoint = (await lab.WaitReadyAsync(Namespace, "gateway.networking.k8s.io/gateway-name=waypoint", 1, Patience, ct))[0];

    /// <summary>Requests of the gateway's pod to orders, or to another URL.</summary>
    public async Task<LoadResult?> LoadAsync(int requests, CancellationToken ct, string? url = null, params string[] more)
    {
        ExecResult result = await lab.ExecInPodAsync(
            Namespace, _gateway, ["ambient-shop", "load", url ?? Orders, "--requests", requests.ToString(CultureInfo.InvariantCulture), .. more], null, ct);
        return LoadResult.Parse(result.Output);
    }

    /// <summary>Small samples until one is as it should be; the last one.</summary>
    public async Task<LoadResult?> UntilAsync(Predicate<LoadResult> done, CancellationToken ct, params string[] more)
    {
        LoadResult? last = null;
        for (int attempt = 0; attempt < 100; attempt++)
        {
            last = await LoadAsync(40, ct, null, more);
            if (last is not null && done(last))
            {
                break;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, ct);
        }

        return last;
    }

    /// <summary>Tells a version of orders how to behave; returns how many requests it has served since it was told last.</summary>
    public async Task<int> BehaveAsync(string version, CancellationToken ct, params string[] settings)
    {
        string pod = (await lab.WaitReadyAsync(Namespace, $"app=orders,version={version}", 1, Patience, ct))[0];
        ExecResult result = await lab.ExecInPodAsync(Namespace, pod, ["ambient-shop", "set", .. settings], null, ct);
        return int.TryParse(result.Output, CultureInfo.InvariantCulture, out int served) ? served : 0;
    }

    public async Task<(string Status, string Body)> CurlAsync(CancellationToken ct, params string[] arguments)
    {
        ExecResult result = await lab.ExecInPodAsync(Namespace, _gateway, ["curl", "-s", "-m", "10", "-w", "\n%{http_code}", .. arguments, Orders], null, ct);
        int end = result.Output.LastIndexOf('\n');
        return end < 0 ? ("", "") : (result.Output[(end + 1)..].Trim(), result.Output[..end].Trim());
    }

    /// <summary>The newest line of the waypoint's access log for which the condition holds.</summary>
    public async Task<string?> FindLineAsync(Predicate<string> condition, CancellationToken ct)
    {
        for (int attempt = 0; attempt < 50; attempt++)
        {
            if (lab.Log(Namespace, _waypoint).Split('\n').Reverse().FirstOrDefault(l => condition(l)) is { } line)
            {
                return line;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, ct);
        }

        return null;
    }

    /// <summary>Sum of a metric's series at the waypoint whose labels hold every given text.</summary>
    public async Task<double> SumAsync(string metric, params string[] labels)
    {
        string text = await Tool.RunAsync(lab.PodNetnsPath(Namespace, _waypoint), "curl", ["-sf", "-m", "5", "http://127.0.0.1:15020/metrics"]);
        return text.Split('\n').Where(l => l.StartsWith(metric + "{", StringComparison.Ordinal) && labels.All(s => l.Contains(s, StringComparison.Ordinal)))
            .Sum(l => double.Parse(l.AsSpan(l.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture));
    }
}
