using System.Text.Json.Nodes;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Lab.Objects;
using Ambient.Lab.Watching;

namespace Ambient.Lab.Controlling;

/// <summary>What the workload controllers do with pods: count, create, delete, write status.</summary>
internal sealed class PodSets(ClusterMirror cluster)
{
    private const int Parallel = 16;

    private ILookup<string?, LabPod> owned = Array.Empty<LabPod>().ToLookup(_ => (string?)null);

    public ClusterMirror Cluster { get; } = cluster;

    /// <summary>Groups pods by owner; once a round.</summary>
    public void Refresh() => owned = Cluster.Pods.Items.ToLookup(Owning.ControllerOf);

    /// <summary>Pods of an owner that have not ended and are not leaving.</summary>
    public List<LabPod> Active(string? owner) => [.. All(owner).Where(p => !p.IsFinished && !p.IsLeaving)];

    public IEnumerable<LabPod> All(string? owner) => owner is null ? [] : owned[owner];

    /// <summary>Ready for at least so many seconds.</summary>
    public bool IsAvailable(LabPod pod, int? minReadySeconds) =>
        pod.IsReady && (minReadySeconds is null or 0
            || Cluster.Time.GetUtcNow() - (pod.Status!.Conditions.First(c => c.Type == "Ready").LastTransitionTime ?? DateTimeOffset.MaxValue) >= TimeSpan.FromSeconds(minReadySeconds.Value));

    public Task CreateAsync(IEnumerable<JsonObject> pods, CancellationToken ct) =>
        System.Threading.Tasks.Parallel.ForEachAsync(pods, new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = ct }, async (pod, token) =>
        {
            var created = await Cluster.Client.Resource(new GroupVersionKind("", "v1", "Pod")).CreateAsync(pod, "lab-controllers", token).ConfigureAwait(false);
            Cluster.Pods.Put(Read<LabPod>(created));
        });

    public Task DeleteAsync(IEnumerable<LabPod> pods, CancellationToken ct) =>
        System.Threading.Tasks.Parallel.ForEachAsync(pods, new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = ct }, async (pod, token) =>
        {
            try
            {
                await Cluster.Pods.Client.DeleteAsync(pod.Metadata.Namespace, pod.Metadata.Name, new DeleteOptions { Uid = pod.Metadata.Uid }, token).ConfigureAwait(false);
            }
            catch (KubeException e) when (e.IsNotFound || e.IsConflict)
            {
                Cluster.Pods.Remove(pod);
                return;
            }

            // What the watch will say too, but perhaps only after the next round.
            if (await Cluster.Pods.Client.FindAsync(pod.Metadata.Namespace, pod.Metadata.Name, token).ConfigureAwait(false) is { } leaving
                && leaving.Metadata.Uid == pod.Metadata.Uid)
            {
                Cluster.Pods.Put(leaving);
            }
            else
            {
                Cluster.Pods.Remove(pod);
            }
        });

    /// <summary>Writes a status that is not what it was; conditions keep their transition time while their status does.</summary>
    public static async Task WriteStatusAsync<T>(Mirror<T> mirror, T value, JsonObject status, CancellationToken ct)
        where T : class, IWorkload, IKubeObject<T>
    {
        Conditions.KeepTimes(value.Status?["conditions"] as JsonArray, status["conditions"] as JsonArray);
        if (status.All(p => JsonNode.DeepEquals(p.Value, value.Status?[p.Key])))
        {
            return;
        }

        mirror.Put(await mirror.Client.PatchStatusAsync(
            value.Metadata.Namespace, value.Metadata.Name, Patch.Merge(new JsonObject { ["status"] = status }, "lab-controllers"), ct).ConfigureAwait(false));
    }

    public static T Read<T>(JsonNode value) =>
        System.Text.Json.JsonSerializer.Deserialize<T>(value, KubeJson.Options) ?? throw new InvalidOperationException("null is not an object");
}
