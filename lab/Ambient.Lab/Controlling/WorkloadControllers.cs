using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Lab.Watching;

namespace Ambient.Lab.Controlling;

/// <summary>One round over all workloads after any change: daemon sets, stateful sets, deployments, then the replica sets they changed.</summary>
internal sealed class WorkloadControllers
{
    private readonly ClusterMirror cluster;
    private readonly PodSets pods;
    private readonly ReconcileLoop loop;

    public WorkloadControllers(ClusterMirror cluster)
    {
        this.cluster = cluster;
        pods = new PodSets(cluster);
        loop = new ReconcileLoop("workload controllers", ReconcileAsync, TimeSpan.FromMilliseconds(2), cluster.Time, cluster.Logger);
        cluster.Pods.Changed += loop.On;
        cluster.Nodes.Changed += (before, after) =>
        {
            if (before is null || after is null || !before.Metadata.Labels.SequenceEqual(after.Metadata.Labels))
            {
                loop.Trigger();
            }
        };
        cluster.Deployments.Changed += loop.On;
        cluster.ReplicaSets.Changed += loop.On;
        cluster.DaemonSets.Changed += loop.On;
        cluster.StatefulSets.Changed += loop.On;
    }

    public Task RunAsync(CancellationToken ct)
    {
        loop.Trigger();
        return loop.RunAsync(ct);
    }

    private async Task ReconcileAsync(CancellationToken ct)
    {
        var failures = new List<Exception>();
        pods.Refresh();
        await EachAsync(cluster.DaemonSets, new DaemonSetController(pods).ReconcileAsync, failures, ct).ConfigureAwait(false);
        await EachAsync(cluster.StatefulSets, new StatefulSetController(pods).ReconcileAsync, failures, ct).ConfigureAwait(false);
        await EachAsync(cluster.Deployments, new DeploymentController(pods).ReconcileAsync, failures, ct).ConfigureAwait(false);
        await EachAsync(cluster.ReplicaSets, new ReplicaSetController(pods).ReconcileAsync, failures, ct).ConfigureAwait(false);
        if (failures.Count > 0)
        {
            throw failures[0];
        }

        if (cluster.Deployments.Items.Any(d => d.Spec.MinReadySeconds > 0) || cluster.DaemonSets.Items.Any(d => d.Spec.MinReadySeconds > 0))
        {
            // Availability comes with time, not with an event.
            _ = TriggerLaterAsync(ct);
        }
    }

    private async Task TriggerLaterAsync(CancellationToken ct)
    {
        await Task.Delay(TimeSpan.FromSeconds(1), cluster.Time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        loop.Trigger();
    }

    private static async Task EachAsync<T>(Mirror<T> mirror, Func<T, CancellationToken, Task> reconcile, List<Exception> failures, CancellationToken ct)
        where T : class, IKubeObject<T>
    {
        foreach (var value in mirror.Items)
        {
            try
            {
                await reconcile(value, ct).ConfigureAwait(false);
            }
            catch (Exception e) when (e is KubeException or HttpRequestException or AggregateException)
            {
                failures.Add(e);
            }
        }
    }
}
