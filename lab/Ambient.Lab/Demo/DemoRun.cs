using System.Globalization;
using System.Text.Json.Nodes;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;

namespace Ambient.Lab.Demo;

/// <summary>
/// The first half of the story, in order: a shop without a mesh, enrolled by a label, then STRICT, then an authorization policy. Every line of the report
/// is read back from the mesh (access log, metrics), none is written in advance.
/// </summary>
internal sealed class DemoRun(LabCluster lab, KubeClient kube, DemoProgress progress, string manifests, TimeProvider time)
{
    private const string Orders = "http://orders.shop/";

    private readonly NodeProxies _proxies = new(lab, kube);
    private readonly List<DemoCheck> _checks = [];
    private string _web = "";
    private string _payment = "";
    private string _oldClient = "";

    public IReadOnlyList<DemoCheck> Checks => _checks;

    public async Task RunAsync(CancellationToken ct)
    {
        await DeployAsync(ct);
        await BeforeTheMeshAsync(ct);
        await EnrolAsync(ct);
        await MutualTlsAsync(ct);
        await StrictAsync(ct);
        await AuthorizationAsync(ct);
        await MetricsAsync(ct);
    }

    private async Task DeployAsync(CancellationToken ct)
    {
        await ApplyAsync("shop.yaml", ct);
        TimeSpan patience = TimeSpan.FromSeconds(60);
        _ = await lab.WaitReadyAsync("shop", "app=orders", 1, patience, ct);
        _web = (await lab.WaitReadyAsync("shop", "app=web", 1, patience, ct))[0];
        _payment = (await lab.WaitReadyAsync("shop", "app=payment", 1, patience, ct))[0];
        _oldClient = (await lab.WaitReadyAsync("legacy", "app=old-client", 1, patience, ct))[0];
        progress.Say("pods ready: web, payment, old-client on node-1, orders on node-2");
    }

    private async Task BeforeTheMeshAsync(CancellationToken ct)
    {
        string? answer = await UntilAsync(() => CallAsync("shop", _web, ct), a => a is not null, ct);
        Add("before: web reaches orders in plaintext", answer is not null, answer is null ? "no answer" : "HTTP 200");
    }

    private async Task EnrolAsync(CancellationToken ct)
    {
        long start = time.GetTimestamp();
        await LabelAsync("shop", "ambient.dev/mesh", "enabled", ct);
        AccessLogEntry? first = null;
        for (int attempt = 0; attempt < 100 && first is null; attempt++)
        {
            await CallAsync("shop", _web, ct);
            first = await NewestTunnelAsync("web", ct, attempts: 1);
        }

        Add("enrolled by kubectl label, no pod restarted", first is not null,
            first is null ? "no tunnel within the time" : $"first mTLS connection {Milliseconds(start)} ms after the label");
        progress.Say(first is null ? "enrolment did not happen" : "namespace shop enrolled, first mTLS connection");
    }

    private async Task MutualTlsAsync(CancellationToken ct)
    {
        string? answer = await CallAsync("shop", _web, ct);
        AccessLogEntry? entry = await NewestTunnelAsync("web", ct);
        Add("web → orders is mutual TLS between two nodes", answer is not null && entry is not null && entry["tls"].StartsWith("TLS", StringComparison.Ordinal),
            entry is null ? "no tunnel in the access log" : $"{entry["src.identity"]} → {entry["dst.identity"]}, {entry["tls"]}");
        string? plain = await CallAsync("legacy", _oldClient, ct);
        Add("PERMISSIVE (default): a client outside the mesh still gets in", plain is not null, plain is null ? "no answer" : "HTTP 200, plaintext");
    }

    private async Task StrictAsync(CancellationToken ct)
    {
        long start = time.GetTimestamp();
        await ApplyAsync("strict.yaml", ct);
        string? refused = await UntilAsync(() => CallAsync("legacy", _oldClient, ct), a => a is null, ct);
        AccessLogEntry? entry = await _proxies.FindEntryAsync(
            e => e["direction"] == "inbound" && e["src.identity"].Length == 0 && e["policy"].Length > 0, ct);
        Add("STRICT: plaintext from legacy/old-client is refused", refused is null && entry is not null,
            entry is null ? "no denial in the access log" : $"policy {entry["policy"]}, {Milliseconds(start)} ms after kubectl apply");
        string? inside = await CallAsync("shop", _web, ct);
        Add("STRICT: web → orders goes on", inside is not null, inside is null ? "no answer" : "HTTP 200");
        progress.Say("PeerAuthentication STRICT in force");
    }

    private async Task AuthorizationAsync(CancellationToken ct)
    {
        string? before = await CallAsync("shop", _payment, ct);
        await ApplyAsync("orders-callers.yaml", ct);
        string? after = await UntilAsync(() => CallAsync("shop", _payment, ct), a => a is null, ct);
        AccessLogEntry? entry = await _proxies.FindEntryAsync(
            e => e["direction"] == "inbound" && e["src.identity"].EndsWith("/sa/payment", StringComparison.Ordinal) && e["policy"].Length > 0, ct);
        Add("AuthorizationPolicy: payment → orders is denied, and by which rule", before is not null && after is null && entry is not null,
            entry is null ? "no denial in the access log" : $"policy {entry["policy"]}, rule {entry["rule"]}");
        string? web = await CallAsync("shop", _web, ct);
        Add("AuthorizationPolicy: web → orders is allowed", web is not null, web is null ? "no answer" : "HTTP 200");
        progress.Say("AuthorizationPolicy in force");
    }

    private async Task MetricsAsync(CancellationToken ct)
    {
        string[] toOrders = ["reporter=\"destination\"", "destination_canonical_service=\"orders\"", "connection_security_policy=\"mutual_tls\""];
        double opened = await _proxies.SumAsync("istio_tcp_connections_opened_total", toOrders, ct);
        double received = await _proxies.SumAsync("istio_tcp_received_bytes_total", toOrders, ct);
        double sent = await _proxies.SumAsync("istio_tcp_sent_bytes_total", toOrders, ct);
        Add("metrics count it (Istio's names)", opened > 0 && received > 0 && sent > 0, string.Create(CultureInfo.InvariantCulture,
            $"to orders by mTLS: {opened} connections, {received} bytes of requests, {sent} bytes of answers"));
    }

    private Task<AccessLogEntry?> NewestTunnelAsync(string workload, CancellationToken ct, int attempts = 50) => _proxies.FindEntryAsync(
        e => e["direction"] == "inbound" && e["src.identity"].EndsWith("/sa/" + workload, StringComparison.Ordinal)
            && e["dst.identity"].EndsWith("/sa/orders", StringComparison.Ordinal), ct, attempts);

    /// <summary>The body of an answer with status 200, or null.</summary>
    private async Task<string?> CallAsync(string @namespace, string pod, CancellationToken ct)
    {
        ExecResult result = await lab.ExecInPodAsync(@namespace, pod, ["curl", "-sf", "-m", "3", Orders], null, ct);
        return result.ExitCode == 0 ? result.Output : null;
    }

    private static async Task<string?> UntilAsync(Func<Task<string?>> call, Predicate<string?> done, CancellationToken ct)
    {
        string? answer = null;
        for (int attempt = 0; attempt < 100; attempt++)
        {
            answer = await call();
            if (done(answer))
            {
                break;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, ct);
        }

        return answer;
    }

    private async Task ApplyAsync(string file, CancellationToken ct) =>
        await lab.ApplyAsync(await File.ReadAllTextAsync(Path.Combine(manifests, file), ct), ct);

    private async Task LabelAsync(string @namespace, string label, string value, CancellationToken ct)
    {
        JsonObject patch = new() { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [label] = value } } };
        await kube.Resource<Namespace>().PatchAsync(null, @namespace, Patch.Merge(patch), cancellation: ct);
    }

    private string Milliseconds(long since) => time.GetElapsedTime(since).TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);

    private void Add(string what, bool passed, string seen) => _checks.Add(new DemoCheck(what, passed, seen));
}
