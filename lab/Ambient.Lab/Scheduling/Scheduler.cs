using System.Text.Json.Nodes;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Lab.Controlling;
using Ambient.Lab.Objects;
using Ambient.Lab.Watching;

namespace Ambient.Lab.Scheduling;

/// <summary>
/// Gives each pod without a node one: ready, schedulable, matching its nodeSelector; of those the one with the fewest pods of the
/// same owner, then the fewest pods.
/// </summary>
internal sealed class Scheduler
{
    private readonly ClusterMirror cluster;
    private readonly ReconcileLoop loop;

    public Scheduler(ClusterMirror cluster)
    {
        this.cluster = cluster;
        loop = new ReconcileLoop("scheduler", ReconcileAsync, TimeSpan.Zero, cluster.Time, cluster.Logger);
        cluster.Pods.Changed += loop.On;
        cluster.Nodes.Changed += loop.On;
    }

    public Task RunAsync(CancellationToken ct)
    {
        loop.Trigger();
        return loop.RunAsync(ct);
    }

    /// <summary>Null when no node may run it.</summary>
    internal static string? Choose(LabPod pod, IReadOnlyCollection<Node> nodes, IReadOnlyCollection<LabPod> pods)
    {
        var owner = Owning.ControllerOf(pod);
        return nodes
            .Where(n => IsReady(n) && n.Spec?.Unschedulable != true && Fits(pod, n))
            .OrderBy(n => owner is null ? 0 : pods.Count(p => p.Spec.NodeName == n.Metadata.Name && !p.IsFinished && !p.IsLeaving && Owning.ControllerOf(p) == owner))
            .ThenBy(n => pods.Count(p => p.Spec.NodeName == n.Metadata.Name && !p.IsFinished))
            .ThenBy(n => n.Metadata.Name, StringComparer.Ordinal)
            .FirstOrDefault()?.Metadata.Name;
    }

    internal static bool Fits(LabPod pod, Node node) =>
        pod.Spec.NodeSelector.All(s => node.Metadata.Labels.TryGetValue(s.Key, out var value) && value == s.Value);

    internal static bool IsReady(Node node) => node.Status?.Conditions.Any(c => c is { Type: "Ready", Status: "True" }) == true;

    private async Task ReconcileAsync(CancellationToken ct)
    {
        var waiting = cluster.Pods.Items.Where(p => string.IsNullOrEmpty(p.Spec.NodeName) && !p.IsFinished && !p.IsLeaving).ToArray();
        foreach (var pod in waiting.OrderBy(p => p.Metadata.CreationTimestamp))
        {
            var node = Choose(pod, [.. cluster.Nodes.Items], [.. cluster.Pods.Items]);
            try
            {
                await (node is null ? MarkAsync(pod, ct) : BindAsync(pod, node, ct)).ConfigureAwait(false);
            }
            catch (KubeException e) when (e.IsNotFound || e.IsConflict)
            {
                // Deleted, or bound by its writer: its next event tells.
            }
        }
    }

    private async Task BindAsync(LabPod pod, string node, CancellationToken ct) =>
        cluster.Pods.Put(await cluster.Pods.Client.PatchAsync(
            pod.Metadata.Namespace,
            pod.Metadata.Name,
            Patch.Merge(new JsonObject { ["spec"] = new JsonObject { ["nodeName"] = node } }, "lab-scheduler"),
            ct).ConfigureAwait(false));

    private async Task MarkAsync(LabPod pod, CancellationToken ct)
    {
        if (pod.Status?.Conditions.Any(c => c is { Type: "PodScheduled", Status: "False" }) == true)
        {
            return;
        }

        var condition = new JsonObject
        {
            ["type"] = "PodScheduled",
            ["status"] = "False",
            ["reason"] = "Unschedulable",
            ["message"] = "no ready node matches the pod's nodeSelector",
            ["lastTransitionTime"] = KubeTime.Text(cluster.Time.GetUtcNow()),
        };
        var status = new JsonObject { ["status"] = new JsonObject { ["phase"] = "Pending", ["conditions"] = new JsonArray(condition) } };
        cluster.Pods.Put(await cluster.Pods.Client.PatchStatusAsync(
            pod.Metadata.Namespace, pod.Metadata.Name, Patch.Merge(status, "lab-scheduler"), ct).ConfigureAwait(false));
    }
}
