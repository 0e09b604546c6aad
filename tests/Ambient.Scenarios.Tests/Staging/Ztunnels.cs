using System.Globalization;
using System.Text.Json.Nodes;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;

namespace Ambient.Scenarios.Tests.Staging;

/// <summary>What the running node proxies say of themselves: access log, metrics, configuration.</summary>
internal sealed class Ztunnels(LabCluster lab)
{
    public const string Namespace = "ambient-system";
    private const string Selector = "app=ambient-ztunnel";

    /// <summary>Lines of all nodes, oldest first on each.</summary>
    public async Task<List<AccessEntry>> AccessLogAsync()
    {
        List<AccessEntry> entries = [];
        foreach (Pod pod in await PodsAsync())
        {
            entries.AddRange(lab.Log(Namespace, pod.Metadata.Name).Split('\n').Select(AccessEntry.Parse).OfType<AccessEntry>());
        }

        return entries;
    }

    /// <summary>The newest line that is so; waited for, since a line is written when its connection ends.</summary>
    public async Task<AccessEntry> LoggedAsync(Predicate<AccessEntry> isIt, string what) =>
        (await Until.Async(async () => (await AccessLogAsync()).LastOrDefault(e => isIt(e)), e => e is not null, what))!;

    public async Task<IReadOnlyList<Pod>> PodsAsync() =>
        (await lab.Admin.Resource<Pod>().ListAsync(Namespace, new ListOptions { LabelSelector = Selector }, TestContext.Current.CancellationToken)).Items;

    public async Task<Pod> PodOnAsync(string node) => (await PodsAsync()).First(p => p.Spec?.NodeName == node && p.Metadata.DeletionTimestamp is null);

    public LabNode Node(string name) => lab.Nodes.First(n => n.Name == name);

    /// <summary>The metrics page of a node's proxy.</summary>
    public async Task<string> MetricsAsync(string node)
    {
        ExecResult result = await CurlAsync(node, "http://127.0.0.1:15020/metrics");
        return result.ExitCode == 0 ? result.Output : "";
    }

    /// <summary>Sum of a counter's series on a node whose labels hold every given text.</summary>
    public async Task<double> SumAsync(string node, string metric, params string[] labels) =>
        (await MetricsAsync(node)).Split('\n')
            .Where(l => l.StartsWith(metric + "{", StringComparison.Ordinal) && labels.All(t => l.Contains(t, StringComparison.Ordinal)))
            .Sum(l => double.Parse(l.AsSpan(l.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture));

    /// <summary>The configuration dump of a node's proxy; null while it does not answer.</summary>
    public async Task<JsonNode?> DumpAsync(string node)
    {
        ExecResult result = await CurlAsync(node, "http://127.0.0.1:15000/config_dump");
        return result.ExitCode == 0 ? JsonNode.Parse(result.Output) : null;
    }

    /// <summary>Waits until the node's proxy serves and captures everything that it is to capture.</summary>
    public Task ReadyAsync(string node) => Until.TrueAsync(
        async () => (await CurlAsync(node, "http://127.0.0.1:15021/healthz/ready")).ExitCode == 0,
        $"the ztunnel of {node} is ready");

    /// <summary>Waits until the node's proxy knows each of these pods as ready, and the Service of each that has one as leading to it.</summary>
    public async Task KnowsAsync(string node, params MeshPod[] pods) => await Until.Async(
        async () =>
        {
            ExecResult result = await CurlAsync(node, "http://127.0.0.1:15000/config_dump");
            return result.ExitCode == 0 ? Missing(JsonNode.Parse(result.Output)!, pods) : $"{result.ExitCode} {result.Error} {result.Output}";
        },
        missing => missing.Length == 0,
        $"{node} knows {string.Join(", ", pods.AsEnumerable())}");

    private Task<ExecResult> CurlAsync(string node, string url) =>
        LabCluster.ExecInNetnsAsync(Node(node).NetnsPath, ["curl", "-sS", "--fail-with-body", "-m", "10", url]);

    private static string Missing(JsonNode dump, MeshPod[] pods) => string.Join(", ", pods.Where(p => !(dump["workloads"] as JsonArray ?? []).Any(w =>
        (string?)w?["uid"] is { } uid && uid.EndsWith($"/Pod/{p.Namespace}/{p.Name}", StringComparison.Ordinal)
        && ((string?)w["status"]) is null or "HEALTHY"
        && (p.ServiceHost is not { } host || w["services"]?[$"{p.Namespace}/{host}"] is not null))).Select(p => p.ToString()));
}
