using System.Text.Json.Nodes;
using Ambient.Kube.Resources;
using Ambient.Lab.Objects;
using Ambient.Lab.Scheduling;

namespace Ambient.Lab.Controlling;

/// <summary>One pod of a DaemonSet on every node that fits, replaced node by node: the old one first, or with maxSurge the new one first.</summary>
internal sealed class DaemonSetController(PodSets pods)
{
    private const string HashLabel = "controller-revision-hash";

    public async Task ReconcileAsync(LabDaemonSet set, CancellationToken ct)
    {
        if (set.Metadata.DeletionTimestamp is not null)
        {
            return;
        }

        var hash = Templates.Hash(set.Spec.Template);
        var active = pods.Active(set.Metadata.Uid);
        var probe = PodSets.Read<LabPod>(new JsonObject { ["spec"] = set.Spec.Template?["spec"]?.DeepClone() });
        var nodes = pods.Cluster.Nodes.Items.Where(n => Scheduler.Fits(probe, n)).ToList();
        var (create, delete) = Plan(set, hash, nodes, active);
        await pods.CreateAsync(create.Select(n => PodFor(set, hash, n)), ct).ConfigureAwait(false);
        await pods.DeleteAsync(delete, ct).ConfigureAwait(false);
        await PodSets.WriteStatusAsync(pods.Cluster.DaemonSets, set, Status(set, hash, nodes), ct).ConfigureAwait(false);
    }

    private (List<Node> Create, List<LabPod> Delete) Plan(LabDaemonSet set, string hash, List<Node> nodes, List<LabPod> active)
    {
        var create = new List<Node>();
        var delete = active.Where(p => nodes.All(n => n.Metadata.Name != p.Spec.NodeName)).ToList();
        var rolling = set.Spec.UpdateStrategy?.RollingUpdate;
        var surge = Templates.Resolve(rolling?.MaxSurge, nodes.Count, up: true, 0);
        var surges = surge > 0;
        var unavailable = surges ? 0 : Math.Max(1, Templates.Resolve(rolling?.MaxUnavailable, nodes.Count, up: true, 1));
        // Nodes where the new pod is not there to stay yet, and the old one still serves, are what surges now.
        surge -= nodes.Count(n => active.Any(p => p.Spec.NodeName == n.Metadata.Name && HashOf(p) != hash)
            && active.Any(p => p.Spec.NodeName == n.Metadata.Name && HashOf(p) == hash && !pods.IsAvailable(p, set.Spec.MinReadySeconds)));
        var missing = nodes.Count(n => !active.Any(p => p.Spec.NodeName == n.Metadata.Name && pods.IsAvailable(p, set.Spec.MinReadySeconds)));
        foreach (var node in nodes)
        {
            var here = active.Where(p => p.Spec.NodeName == node.Metadata.Name).OrderByDescending(p => p.Metadata.CreationTimestamp).ToList();
            var current = here.Where(p => HashOf(p) == hash).ToList();
            var old = here.Where(p => HashOf(p) != hash).ToList();
            // Gone processes still hold the node's ports: the next one comes after them, unless it may surge.
            var leaving = pods.All(set.Metadata.Uid).Any(p => p.Spec.NodeName == node.Metadata.Name && p.IsLeaving);
            if (here.Count == 0 && (!leaving || surges))
            {
                create.Add(node);
            }

            delete.AddRange(current.Skip(1));
            if (old.Count == 0 || set.Spec.UpdateStrategy?.Type == "OnDelete")
            {
                continue;
            }

            if (current.Any(p => pods.IsAvailable(p, set.Spec.MinReadySeconds)))
            {
                delete.AddRange(old);
            }
            else if (surge > 0 && current.Count == 0)
            {
                create.Add(node);
                surge--;
            }
            else if (!surges && (missing < unavailable || !old.Any(p => p.IsReady)))
            {
                missing++;
                delete.AddRange(old);
            }
        }

        return (create, delete);
    }

    private static JsonObject PodFor(LabDaemonSet set, string hash, Node node)
    {
        var pod = Templates.Pod(
            set.Spec.Template, set.Metadata.Namespace!, (null, set.Metadata.Name + "-"), new Dictionary<string, string> { [HashLabel] = hash },
            Owning.Reference("apps/v1", "DaemonSet", set.Metadata));
        pod["spec"]!["nodeName"] = node.Metadata.Name;
        return pod;
    }

    private JsonObject Status(LabDaemonSet set, string hash, List<Node> nodes)
    {
        var active = pods.Active(set.Metadata.Uid);
        var ready = nodes.Count(n => active.Any(p => p.Spec.NodeName == n.Metadata.Name && p.IsReady));
        var available = nodes.Count(n => active.Any(p => p.Spec.NodeName == n.Metadata.Name && pods.IsAvailable(p, set.Spec.MinReadySeconds)));
        return new JsonObject
        {
            ["observedGeneration"] = set.Metadata.Generation,
            ["currentNumberScheduled"] = nodes.Count(n => active.Any(p => p.Spec.NodeName == n.Metadata.Name)),
            ["desiredNumberScheduled"] = nodes.Count,
            ["numberMisscheduled"] = 0,
            ["numberReady"] = ready,
            ["updatedNumberScheduled"] = nodes.Count(n => active.Any(p => p.Spec.NodeName == n.Metadata.Name && HashOf(p) == hash)),
            ["numberAvailable"] = available,
            ["numberUnavailable"] = nodes.Count - available,
        };
    }

    private static string? HashOf(LabPod pod) => pod.Metadata.Labels.GetValueOrDefault(HashLabel);
}
