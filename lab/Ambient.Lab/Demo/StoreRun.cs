using System.Globalization;
using System.Text.Json.Nodes;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;

namespace Ambient.Lab.Demo;

/// <summary>
/// The second half: a store of six services gets a waypoint, and with it a canary, retries, a breaker, faults and a rule about methods. Every
/// number is counted on requests that were sent.
/// </summary>
internal sealed class StoreRun(LabCluster lab, KubeClient kube, DemoProgress progress, string manifests)
{
    private readonly StoreTraffic _traffic = new(lab);
    private readonly List<DemoCheck> _checks = [];

    public IReadOnlyList<DemoCheck> Checks => _checks;

    public async Task RunAsync(CancellationToken ct)
    {
        await DeployAsync(ct);
        await WaypointAsync(ct);
        await CanaryAsync(ct);
        await RetryAsync(ct);
        await BreakerAsync(ct);
        await FaultsAsync(ct);
        await MethodAsync(ct);
        await MetricsAsync();
    }

    private async Task DeployAsync(CancellationToken ct)
    {
        await lab.ApplyAsync($"{{ apiVersion: v1, kind: Namespace, metadata: {{ name: {StoreTraffic.Namespace}, labels: {{ ambient.dev/mesh: enabled }} }} }}", ct);
        await lab.ApplyAsync(await File.ReadAllTextAsync(Path.Combine(manifests, "..", "shop", "shop.yaml"), ct), StoreTraffic.Namespace, ct);
        await ApplyAsync("waypoint.yaml", ct);
        await _traffic.ReadyAsync(ct);
        await _traffic.WaypointReadyAsync(ct);
        progress.Say("store of six services and its waypoint ready");
    }

    private async Task WaypointAsync(CancellationToken ct)
    {
        JsonObject patch = new() { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["ambient.dev/use-waypoint"] = "waypoint" } } };
        await kube.Resource<Namespace>().PatchAsync(null, StoreTraffic.Namespace, Patch.Merge(patch), cancellation: ct);
        string? line = null;
        for (int attempt = 0; attempt < 50 && line is null; attempt++)
        {
            await _traffic.LoadAsync(1, ct, "http://gateway/api/orders", "--method", "POST", "--body", "{}");
            string[] lines = lab.Log(StoreTraffic.Namespace, _traffic.Waypoint).Split('\n');
            line = lines.Any(l => l.Contains("/shop.Inventory/Reserve", StringComparison.Ordinal)) ? lines.LastOrDefault(l => l.Contains("POST /api/orders", StringComparison.Ordinal)) : null;
        }

        LoadResult? orders = await _traffic.LoadAsync(20, ct, "http://gateway/api/orders", "--method", "POST", "--body", "{}");
        Add("a waypoint by one Gateway and one label; no pod restarted", line is not null && orders?.Status(200) == 20,
            line is null ? "no request in its access log" : "20 of 20 orders placed: HTTP/1.1 and gRPC between six services, all through it");
        progress.Say("namespace store uses its waypoint");
    }

    private async Task CanaryAsync(CancellationToken ct)
    {
        await ApplyAsync("canary.yaml", ct);
        await _traffic.UntilAsync(l => l.Version("v2") < 10, ct);
        LoadResult? all = await _traffic.LoadAsync(2000, ct, null, "--concurrency", "16");
        LoadResult? debug = await _traffic.LoadAsync(200, ct, null, "--header", "end-user: debug");
        Add("canary: 5 % of the requests go to v2", all is not null && all.Version("v2") is > 55 and < 150 && all.Status(200) == 2000,
            all is null ? "no answers" : $"of {all.Requests} requests {all.Version("v1")} to v1, {all.Version("v2")} to v2: {all.Share(all.Version("v2"))}");
        Add("header end-user: debug goes to v2", debug?.Version("v2") == 200, debug is null ? "no answers" : $"{debug.Version("v2")} of {debug.Requests}");
        progress.Say("canary and debug header counted");
    }

    private async Task RetryAsync(CancellationToken ct)
    {
        await ApplyAsync("plain.yaml", ct);
        await _traffic.UntilAsync(l => l.Version("v2") > 10, ct);
        await EachAsync(ct, "every=10");
        LoadResult? before = await _traffic.LoadAsync(400, ct);
        await ApplyAsync("retry.yaml", ct);
        await _traffic.UntilAsync(l => l.Status(503) == 0, ct);
        await EachAsync(ct, "every=10");
        LoadResult? after = await _traffic.LoadAsync(400, ct);
        int served = await EachAsync(ct);
        Add("retries save requests while each tenth fails", before?.Status(503) > 20 && after is not null && after.Status(503) < 8 && served > 400,
            before is null || after is null ? "no answers" : $"without: {before.Status(503)} of {before.Requests} failed; with: {after.Status(503)} of {after.Requests}, in {served} attempts");
        progress.Say("retries counted");
    }

    private async Task BreakerAsync(CancellationToken ct)
    {
        await ApplyAsync("plain.yaml", ct);
        await _traffic.BehaveAsync("v2", ct, "fail=1");
        await _traffic.UntilAsync(l => l.Status(503) > 0, ct);
        LoadResult? before = await _traffic.LoadAsync(300, ct);
        await ApplyAsync("breaker.yaml", ct);
        await _traffic.UntilAsync(l => l.Status(503) == 0, ct);
        LoadResult? after = await _traffic.LoadAsync(300, ct);
        double ejected = await _traffic.SumAsync("envoy_cluster_outlier_detection_ejections_active", "orders.store");
        Add("breaker: a pod that always fails is ejected", before?.Status(503) > 20 && after?.Status(200) == 300 && ejected >= 1,
            before is null || after is null ? "no answers" : $"without: {before.Status(503)} of {before.Requests} failed; with: {after.Status(503)} of {after.Requests}, {ejected:0} pod ejected");
        await _traffic.BehaveAsync("v2", ct);
        await DeleteAsync("networking.istio.io", "DestinationRule", "orders", ct);
        progress.Say("breaker counted");
    }

    private async Task FaultsAsync(CancellationToken ct)
    {
        await ApplyAsync("faults.yaml", ct);
        await _traffic.UntilAsync(l => l.Status(418) > 0, ct, "--concurrency", "40");
        LoadResult? load = await _traffic.LoadAsync(400, ct, null, "--concurrency", "100");
        Add("faults: 10 % aborted with 418, 20 % delayed by 1.2 s", load is not null && load.Status(418) is > 15 and < 70 && load.OverSecond is > 45 and < 120,
            load is null ? "no answers" : $"of {load.Requests} requests {load.Status(418)} aborted, {load.OverSecond} took longer than a second");
        await ApplyAsync("plain.yaml", ct);
        progress.Say("faults counted");
    }

    private async Task MethodAsync(CancellationToken ct)
    {
        await ApplyAsync("no-deletes.yaml", ct);
        (string Status, string Body) denied = ("", "");
        for (int attempt = 0; attempt < 100 && denied.Status != "403"; attempt++)
        {
            denied = await _traffic.CurlAsync(ct, "-X", "DELETE");
        }

        (string status, _) = await _traffic.CurlAsync(ct);
        string? line = await _traffic.FindLineAsync(l => l.Contains("\"DELETE ", StringComparison.Ordinal) && l.Contains(" 403 ", StringComparison.Ordinal), ct);
        Add("DELETE is denied by a rule; GET goes on", denied.Status == "403" && status == "200" && line?.Contains("no-deletes", StringComparison.Ordinal) == true,
            line is null ? "no denial in the access log" : $"403 \"{denied.Body}\"; access log: {PolicyIn(line)}");
        progress.Say("AuthorizationPolicy for methods in force");
    }

    private async Task MetricsAsync()
    {
        double all = await _traffic.SumAsync("istio_requests_total", "destination_service_name=\"orders\"");
        double failed = await _traffic.SumAsync("istio_requests_total", "destination_service_name=\"orders\"", "response_code=\"503\"");
        double denied = await _traffic.SumAsync("istio_requests_total", "destination_service_name=\"orders\"", "response_code=\"403\"");
        Add("the waypoint's metrics count it all (Istio's names)", all > 0 && failed > 0 && denied > 0,
            string.Create(CultureInfo.InvariantCulture, $"requests to orders: {all}, of them {failed} with 503, {denied} with 403"));
    }

    private async Task<int> EachAsync(CancellationToken ct, params string[] settings) =>
        await _traffic.BehaveAsync("v1", ct, settings) + await _traffic.BehaveAsync("v2", ct, settings);

    /// <summary>The words of the log line that name the policy.</summary>
    private static string PolicyIn(string line)
    {
        int at = line.IndexOf("no-deletes", StringComparison.Ordinal);
        int start = at < 0 ? 0 : line.LastIndexOfAny([' ', '"'], at) + 1;
        int end = at < 0 ? line.Length : line.IndexOf('"', at) is >= 0 and var quote ? quote : line.IndexOf(' ', at) is >= 0 and var space ? space : line.Length;
        return line[start..end];
    }

    private async Task DeleteAsync(string group, string kind, string name, CancellationToken ct) =>
        await kube.Resource(new GroupKind(group, kind)).DeleteAsync(StoreTraffic.Namespace, name, null, ct);

    private async Task ApplyAsync(string file, CancellationToken ct) => await lab.ApplyAsync(await File.ReadAllTextAsync(Path.Combine(manifests, "store", file), ct), ct);

    private void Add(string what, bool passed, string seen) => _checks.Add(new DemoCheck(what, passed, seen));
}
