using System.Globalization;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Lab.Kernel;

namespace Ambient.Lab.Demo;

/// <summary>What the demo reads from the running ztunnels: access logs by the API server, metrics over the node's address.</summary>
internal sealed class NodeProxies(LabCluster lab, KubeClient kube)
{
    private const string SystemNamespace = "ambient-system";

    /// <summary>The newest entry of any node for which the condition holds, looked for so often, a tenth of a second apart.</summary>
    public async Task<AccessLogEntry?> FindEntryAsync(Predicate<AccessLogEntry> condition, CancellationToken ct, int attempts = 50)
    {
        for (int attempt = 0; attempt < attempts; attempt++)
        {
            if (attempt > 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, ct);
            }

            foreach (string pod in await PodsAsync(ct))
            {
                string[] lines = (await LogAsync(pod, ct)).Split('\n');
                if (lines.Reverse().Select(AccessLogEntry.Parse).OfType<AccessLogEntry>().FirstOrDefault(e => condition(e)) is { } entry)
                {
                    return entry;
                }
            }
        }

        return null;
    }

    /// <summary>Sum over all nodes of a counter's series whose labels hold every given text.</summary>
    public async Task<double> SumAsync(string metric, IReadOnlyList<string> labels, CancellationToken ct)
    {
        double sum = 0;
        foreach (LabNode node in lab.Nodes)
        {
            ct.ThrowIfCancellationRequested();
            string text = await Tool.RunAsync(node.NetnsPath, "curl", ["-sf", "-m", "5", "http://127.0.0.1:15020/metrics"]);
            foreach (string line in text.Split('\n').Where(l => l.StartsWith(metric + "{", StringComparison.Ordinal)))
            {
                if (labels.All(l => line.Contains(l, StringComparison.Ordinal)))
                {
                    sum += double.Parse(line.AsSpan(line.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture);
                }
            }
        }

        return sum;
    }

    private async Task<IReadOnlyList<string>> PodsAsync(CancellationToken ct) =>
        [.. (await kube.ListAsync<Pod>(SystemNamespace, new ListOptions { LabelSelector = "app=ambient-ztunnel" }, ct)).Items
            .Select(p => p.Metadata.Name!)];

    private async Task<string> LogAsync(string pod, CancellationToken ct)
    {
        await using Stream stream = await kube.GetStreamAsync($"/api/v1/namespaces/{SystemNamespace}/pods/{pod}/log?tailLines=400", ct);
        using StreamReader reader = new(stream);
        return await reader.ReadToEndAsync(ct);
    }
}
