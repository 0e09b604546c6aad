using System.Globalization;
using System.Text.Json.Nodes;
using Ambient.Lab.Objects;

namespace Ambient.Lab.Controlling;

/// <summary>Numbered pods with stable names, started in order and replaced from the last to the first. No volume claims: the lab has no storage.</summary>
internal sealed class StatefulSetController(PodSets pods)
{
    private const string HashLabel = "controller-revision-hash";

    public async Task ReconcileAsync(LabStatefulSet set, CancellationToken ct)
    {
        if (set.Metadata.DeletionTimestamp is not null)
        {
            return;
        }

        var hash = Templates.Hash(set.Spec.Template);
        var all = pods.All(set.Metadata.Uid).ToDictionary(p => p.Metadata.Name, StringComparer.Ordinal);
        var wanted = set.Spec.Replicas ?? 1;
        var parallel = set.Spec.PodManagementPolicy == "Parallel";
        var create = new List<JsonObject>();
        var settled = true;
        for (var i = 0; i < wanted; i++)
        {
            var present = all.GetValueOrDefault(Name(set, i));
            if (present is null)
            {
                create.Add(PodFor(set, hash, i));
            }

            if (present is not { IsReady: true, IsLeaving: false })
            {
                settled = false;
                if (!parallel)
                {
                    break;
                }
            }
        }

        await pods.CreateAsync(create, ct).ConfigureAwait(false);
        var extra = all.Values.Where(p => Ordinal(set, p) >= wanted && !p.IsLeaving).OrderByDescending(p => Ordinal(set, p)).ToList();
        var old = settled && extra.Count == 0 && set.Spec.UpdateStrategy?.Type != "OnDelete"
            ? all.Values.Where(p => p.Metadata.Labels.GetValueOrDefault(HashLabel) != hash).OrderByDescending(p => Ordinal(set, p)).Take(1)
            : [];
        await pods.DeleteAsync([.. parallel ? extra : extra.Take(1), .. old], ct).ConfigureAwait(false);
        await PodSets.WriteStatusAsync(pods.Cluster.StatefulSets, set, Status(set, hash), ct).ConfigureAwait(false);
    }

    private static JsonObject PodFor(LabStatefulSet set, string hash, int ordinal)
    {
        var labels = new Dictionary<string, string>
        {
            [HashLabel] = hash,
            ["statefulset.kubernetes.io/pod-name"] = Name(set, ordinal),
            ["apps.kubernetes.io/pod-index"] = ordinal.ToString(CultureInfo.InvariantCulture),
        };
        var pod = Templates.Pod(
            set.Spec.Template, set.Metadata.Namespace!, (Name(set, ordinal), null), labels, Owning.Reference("apps/v1", "StatefulSet", set.Metadata));
        pod["spec"]!["hostname"] = Name(set, ordinal);
        pod["spec"]!["subdomain"] = set.Spec.ServiceName;
        return pod;
    }

    private JsonObject Status(LabStatefulSet set, string hash)
    {
        var active = pods.Active(set.Metadata.Uid);
        var updated = active.Count(p => p.Metadata.Labels.GetValueOrDefault(HashLabel) == hash);
        var revision = $"{set.Metadata.Name}-{hash}";
        return new JsonObject
        {
            ["observedGeneration"] = set.Metadata.Generation,
            ["replicas"] = active.Count,
            ["readyReplicas"] = active.Count(p => p.IsReady),
            ["availableReplicas"] = active.Count(p => pods.IsAvailable(p, set.Spec.MinReadySeconds)),
            ["currentReplicas"] = updated,
            ["updatedReplicas"] = updated,
            ["updateRevision"] = revision,
            ["currentRevision"] = updated == active.Count ? revision : set.Status?["currentRevision"]?.DeepClone() ?? revision,
        };
    }

    private static string Name(LabStatefulSet set, int ordinal) => string.Create(CultureInfo.InvariantCulture, $"{set.Metadata.Name}-{ordinal}");

    private static int Ordinal(LabStatefulSet set, LabPod pod) =>
        int.TryParse(pod.Metadata.Name.AsSpan(Math.Min(pod.Metadata.Name.Length, set.Metadata.Name.Length + 1)), CultureInfo.InvariantCulture, out var ordinal) ? ordinal : int.MaxValue;
}
