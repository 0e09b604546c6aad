using System.Threading.Channels;
using Ambient.Lab.Objects;
using Ambient.Lab.Watching;

namespace Ambient.Lab.Starting;

/// <summary>Waits for pods to be ready.</summary>
internal sealed class PodWait : IDisposable
{
    private readonly ClusterMirror cluster;
    private readonly string ns;
    private readonly Dictionary<string, string> labels;
    private readonly string selector;
    private readonly int count;
    private readonly Channel<bool> changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public PodWait(ClusterMirror cluster, string @namespace, string selector, int count)
    {
        this.cluster = cluster;
        ns = @namespace;
        this.selector = selector;
        this.count = count;
        labels = selector.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);
        cluster.Pods.Changed += OnChange;
    }

    public async Task<IReadOnlyList<string>> RunAsync(TimeSpan timeout, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(timeout, cluster.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        while (true)
        {
            var pods = Selected();
            if (pods.Count(p => p.IsReady) >= count && pods.All(p => p.IsReady))
            {
                return [.. pods.Select(p => p.Metadata.Name).Order(StringComparer.Ordinal)];
            }

            try
            {
                await changes.Reader.ReadAsync(both.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested)
            {
                throw new TimeoutException($"{pods.Count(p => p.IsReady)} of {count} pods of {ns} with {selector} are ready after {timeout.TotalSeconds:0} s{Explain(pods)}");
            }
        }
    }

    public void Dispose() => cluster.Pods.Changed -= OnChange;

    private void OnChange(LabPod? before, LabPod? after) => changes.Writer.TryWrite(true);

    private List<LabPod> Selected() =>
        [.. cluster.Pods.Items.Where(p => p.Metadata.Namespace == ns && !p.IsLeaving && !p.IsFinished
            && labels.All(l => p.Metadata.Labels.TryGetValue(l.Key, out var v) && v == l.Value))];

    private static string Explain(List<LabPod> pods) =>
        string.Concat(pods.Where(p => !p.IsReady).Select(p => $"\n  {p.Metadata.Name}: {p.Status?.Phase ?? "no status"} {p.Status?.Message} {Waiting(p)}"));

    private static string Waiting(LabPod pod) => string.Join("; ", (pod.Status?.InitContainerStatuses ?? []).Concat(pod.Status?.ContainerStatuses ?? [])
        .Select(c => $"{c.Name} {c.State?.Waiting?.Reason ?? c.State?.Terminated?.Reason ?? "running, not ready"} {c.State?.Waiting?.Message ?? c.LastState?.Terminated?.Reason}".TrimEnd()));
}
