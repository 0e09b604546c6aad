using System.Globalization;
using System.Text.Json.Nodes;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Lab.Objects;

namespace Ambient.Lab.Controlling;

/// <summary>A ReplicaSet for each pod template of a Deployment, and the rolling update from the old ones to the present one.</summary>
internal sealed class DeploymentController(PodSets pods)
{
    private const string HashLabel = "pod-template-hash";
    private const string Revision = "deployment.kubernetes.io/revision";

    public async Task ReconcileAsync(LabDeployment deployment, CancellationToken ct)
    {
        if (deployment.Metadata.DeletionTimestamp is not null)
        {
            return;
        }

        var sets = pods.Cluster.ReplicaSets.Items.Where(s => Owning.ControllerOf(s) == deployment.Metadata.Uid && s.Metadata.DeletionTimestamp is null).ToList();
        var hash = Templates.Hash(deployment.Spec.Template);
        var present = sets.Find(s => s.Metadata.Labels.GetValueOrDefault(HashLabel) == hash);
        if (present is null && !deployment.Spec.Paused)
        {
            present = await CreateAsync(deployment, hash, sets, ct).ConfigureAwait(false);
            sets.Add(present);
        }

        if (present is not null)
        {
            foreach (var (set, replicas) in Plan(deployment, present, sets))
            {
                await ScaleAsync(set, replicas, ct).ConfigureAwait(false);
            }

            await TidyAsync(deployment, present, sets, ct).ConfigureAwait(false);
        }

        await PodSets.WriteStatusAsync(pods.Cluster.Deployments, deployment, Status(deployment, present, sets), ct).ConfigureAwait(false);
    }

    /// <summary>The ReplicaSets whose size changes now.</summary>
    private List<(LabReplicaSet Set, int Replicas)> Plan(LabDeployment deployment, LabReplicaSet present, List<LabReplicaSet> sets)
    {
        var wanted = deployment.Spec.Replicas ?? 1;
        var old = sets.Where(s => s != present && Size(s) > 0).OrderBy(s => s.Metadata.CreationTimestamp).ToList();
        if (deployment.Spec.Strategy?.Type == "Recreate")
        {
            var running = sets.Where(s => s != present).Any(s => pods.All(s.Metadata.Uid).Any(p => !p.IsFinished));
            return old.Count > 0 ? [.. old.Select(s => (s, 0))] : running || Size(present) == wanted ? [] : [(present, wanted)];
        }

        if (old.Count == 0)
        {
            return Size(present) == wanted ? [] : [(present, wanted)];
        }

        var (surge, unavailable) = Bounds(deployment, wanted);
        var total = sets.Sum(Size);
        var plan = new List<(LabReplicaSet, int)>();
        if (Size(present) > wanted)
        {
            plan.Add((present, wanted));
        }
        else if (Math.Min(wanted - Size(present), wanted + surge - total) is > 0 and var more)
        {
            plan.Add((present, Size(present) + more));
        }

        ScaleDownOld(plan, old, present, wanted - unavailable);
        return plan;
    }

    /// <summary>Old pods that are not available go first; then as many as may be missed.</summary>
    private void ScaleDownOld(List<(LabReplicaSet Set, int Replicas)> plan, List<LabReplicaSet> old, LabReplicaSet present, int minAvailable)
    {
        var available = Available(present) + old.Sum(Available);
        var spare = old.Sum(Size) + Size(present) - minAvailable - (Size(present) - Available(present));
        foreach (var set in old)
        {
            var broken = Math.Min(Size(set) - Math.Min(Available(set), Size(set)), Math.Max(0, spare));
            spare -= broken;
            var healthy = Math.Min(Size(set) - broken, Math.Max(0, Math.Min(available - minAvailable, spare)));
            spare -= healthy;
            available -= healthy;
            if (broken + healthy > 0)
            {
                plan.Add((set, Size(set) - broken - healthy));
            }
        }
    }

    private static (int Surge, int Unavailable) Bounds(LabDeployment deployment, int wanted)
    {
        var rolling = deployment.Spec.Strategy?.RollingUpdate;
        var surge = Templates.Resolve(rolling?.MaxSurge, wanted, up: true, (wanted + 3) / 4);
        var unavailable = Templates.Resolve(rolling?.MaxUnavailable, wanted, up: false, wanted / 4);
        return surge == 0 && unavailable == 0 ? (0, 1) : (surge, unavailable);
    }

    private async Task<LabReplicaSet> CreateAsync(LabDeployment deployment, string hash, List<LabReplicaSet> sets, CancellationToken ct)
    {
        var labels = new Dictionary<string, string> { [HashLabel] = hash };
        var template = (JsonObject?)deployment.Spec.Template?.DeepClone() ?? [];
        var metadata = template["metadata"] as JsonObject ?? [];
        template["metadata"] = metadata;
        Templates.AddLabels(metadata, labels);
        var selector = System.Text.Json.JsonSerializer.SerializeToNode(deployment.Spec.Selector ?? new LabelSelector(), KubeJson.Options)!.AsObject();
        var matching = selector["matchLabels"] as JsonObject ?? [];
        selector["matchLabels"] = matching;
        matching[HashLabel] = hash;
        var revision = sets.Select(RevisionOf).DefaultIfEmpty(0).Max() + 1;
        var set = new JsonObject
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "ReplicaSet",
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{deployment.Metadata.Name}-{hash}",
                ["namespace"] = deployment.Metadata.Namespace,
                ["labels"] = metadata["labels"]!.DeepClone(),
                ["annotations"] = new JsonObject { [Revision] = revision.ToString(CultureInfo.InvariantCulture) },
                ["ownerReferences"] = new JsonArray(Owning.Reference("apps/v1", "Deployment", deployment.Metadata)),
            },
            ["spec"] = new JsonObject
            {
                ["replicas"] = 0,
                ["selector"] = selector,
                ["template"] = template,
                ["minReadySeconds"] = deployment.Spec.MinReadySeconds ?? 0,
            },
        };
        try
        {
            var created = await pods.Cluster.Client.Resource(new GroupVersionKind("apps", "v1", "ReplicaSet")).CreateAsync(set, "lab-controllers", ct).ConfigureAwait(false);
            return pods.Cluster.ReplicaSets.Put(PodSets.Read<LabReplicaSet>(created));
        }
        catch (KubeException e) when (e.IsAlreadyExists)
        {
            return pods.Cluster.ReplicaSets.Put(await pods.Cluster.ReplicaSets.Client.GetAsync(deployment.Metadata.Namespace, $"{deployment.Metadata.Name}-{hash}", ct).ConfigureAwait(false));
        }
    }

    private async Task ScaleAsync(LabReplicaSet set, int replicas, CancellationToken ct) =>
        pods.Cluster.ReplicaSets.Put(await pods.Cluster.ReplicaSets.Client.PatchAsync(
            set.Metadata.Namespace,
            set.Metadata.Name,
            Patch.Merge(new JsonObject { ["spec"] = new JsonObject { ["replicas"] = replicas } }, "lab-controllers"),
            ct).ConfigureAwait(false));

    private async Task TidyAsync(LabDeployment deployment, LabReplicaSet present, List<LabReplicaSet> sets, CancellationToken ct)
    {
        var idle = sets.Where(s => s != present && Size(s) == 0 && !pods.All(s.Metadata.Uid).Any()).OrderByDescending(RevisionOf).Skip(deployment.Spec.RevisionHistoryLimit ?? 10);
        foreach (var set in idle)
        {
            await pods.Cluster.ReplicaSets.Client.DeleteAsync(set.Metadata.Namespace, set.Metadata.Name, new DeleteOptions { Uid = set.Metadata.Uid }, ct).ConfigureAwait(false);
        }
    }

    private JsonObject Status(LabDeployment deployment, LabReplicaSet? present, List<LabReplicaSet> sets)
    {
        var wanted = deployment.Spec.Replicas ?? 1;
        var active = sets.SelectMany(s => pods.Active(s.Metadata.Uid)).ToList();
        var updated = present is null ? 0 : pods.Active(present.Metadata.Uid).Count;
        var available = active.Count(p => pods.IsAvailable(p, deployment.Spec.MinReadySeconds));
        var enough = available >= wanted - Bounds(deployment, wanted).Unavailable;
        var done = updated >= wanted && available >= wanted && active.Count == updated;
        var now = pods.Cluster.Time.GetUtcNow();
        return new JsonObject
        {
            ["observedGeneration"] = deployment.Metadata.Generation,
            ["replicas"] = active.Count,
            ["updatedReplicas"] = updated,
            ["readyReplicas"] = active.Count(p => p.IsReady),
            ["availableReplicas"] = available,
            ["unavailableReplicas"] = Math.Max(0, Math.Max(wanted, active.Count) - available),
            ["conditions"] = new JsonArray(
                Conditions.Of("Available", enough, enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable", enough ? "Deployment has minimum availability." : "Deployment does not have minimum availability.", now),
                Conditions.Of("Progressing", true, done ? "NewReplicaSetAvailable" : "ReplicaSetUpdated", $"ReplicaSet \"{present?.Metadata.Name}\" {(done ? "has successfully progressed" : "is progressing")}.", now)),
        };
    }

    private int Available(LabReplicaSet set) => pods.Active(set.Metadata.Uid).Count(p => pods.IsAvailable(p, set.Spec.MinReadySeconds));

    private static int Size(LabReplicaSet set) => set.Spec.Replicas ?? 1;

    private static int RevisionOf(LabReplicaSet set) =>
        int.TryParse(set.Metadata.Annotations.GetValueOrDefault(Revision), CultureInfo.InvariantCulture, out var revision) ? revision : 0;
}
