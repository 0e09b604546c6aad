using System.Text.Json.Nodes;
using Ambient.Lab.Objects;

namespace Ambient.Lab.Controlling;

/// <summary>Keeps as many pods of a ReplicaSet as it asks for.</summary>
internal sealed class ReplicaSetController(PodSets pods)
{
    public async Task ReconcileAsync(LabReplicaSet set, CancellationToken ct)
    {
        if (set.Metadata.DeletionTimestamp is not null)
        {
            return;
        }

        var active = pods.Active(set.Metadata.Uid);
        var wanted = set.Spec.Replicas ?? 1;
        if (active.Count < wanted)
        {
            var owner = Owning.Reference("apps/v1", "ReplicaSet", set.Metadata);
            await pods.CreateAsync(
                Enumerable.Range(0, wanted - active.Count).Select(_ => Templates.Pod(
                    set.Spec.Template, set.Metadata.Namespace!, (null, set.Metadata.Name + "-"), new Dictionary<string, string>(), (JsonObject)owner.DeepClone())),
                ct).ConfigureAwait(false);
        }
        else if (active.Count > wanted)
        {
            await pods.DeleteAsync(active.OrderBy(Worth).ThenByDescending(p => p.Metadata.CreationTimestamp).Take(active.Count - wanted), ct).ConfigureAwait(false);
        }

        await PodSets.WriteStatusAsync(pods.Cluster.ReplicaSets, set, Status(set, active), ct).ConfigureAwait(false);
    }

    // The cheapest to lose first: not on a node, not running, not ready.
    private static int Worth(LabPod pod) =>
        string.IsNullOrEmpty(pod.Spec.NodeName) ? 0 : pod.Status?.Phase != "Running" ? 1 : pod.IsReady ? 3 : 2;

    private JsonObject Status(LabReplicaSet set, List<LabPod> active) => new()
    {
        ["observedGeneration"] = set.Metadata.Generation,
        ["replicas"] = active.Count,
        ["fullyLabeledReplicas"] = active.Count,
        ["readyReplicas"] = active.Count(p => p.IsReady),
        ["availableReplicas"] = active.Count(p => pods.IsAvailable(p, set.Spec.MinReadySeconds)),
    };
}
