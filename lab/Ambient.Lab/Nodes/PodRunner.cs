using System.Text.Json.Nodes;
using Ambient.Kube.Http;
using Ambient.Lab.Containers;
using Ambient.Lab.Controlling;
using Ambient.Lab.Objects;
using Ambient.Lab.Watching;

namespace Ambient.Lab.Nodes;

/// <summary>
/// One pod on its node, from its first sight to its last:
/// network → CNI plugin → volumes → init containers one after the other → containers → (deletion) stop → CNI DEL → network away → object away.
/// </summary>
internal sealed class PodRunner : IAsyncDisposable
{
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan MaxRetry = TimeSpan.FromMilliseconds(500);

    private readonly NodeContext node;
    private readonly PodSandbox sandbox;
    private readonly PodVolumes volumes;
    private readonly ReconcileLoop statusLoop;
    private readonly CancellationTokenSource leaving = new();
    private readonly CancellationTokenSource closed = new();
    private readonly DateTimeOffset startedAt;
    private readonly Task running;
    private readonly Task reporting;
    private readonly Task refreshing;
    private string? message;
    private string? written;

    public PodRunner(NodeContext node, LabPod pod)
    {
        this.node = node;
        Pod = pod;
        startedAt = node.Time.GetUtcNow();
        sandbox = new PodSandbox(node, pod);
        volumes = new PodVolumes(node, pod, sandbox.Network, sandbox.Directory);
        var factory = new ContainerFactory(node, pod, sandbox, volumes);
        Init = [.. pod.Spec.InitContainers.Select(c => factory.Create(c, init: c.RestartPolicy != "Always"))];
        Main = [.. pod.Spec.Containers.Select(c => factory.Create(c, init: false))];
        statusLoop = new ReconcileLoop("status of " + pod.Metadata.Key, WriteStatusAsync, TimeSpan.Zero, node.Time, node.Logger);
        foreach (var container in Init.Concat(Main))
        {
            container.Changed += statusLoop.Trigger;
        }

        reporting = statusLoop.RunAsync(closed.Token);
        refreshing = RefreshAsync();
        running = RunAsync();
    }

    public LabPod Pod { get; private set; }

    public IReadOnlyList<ContainerRunner> Init { get; }

    public IReadOnlyList<ContainerRunner> Main { get; }

    public string NetnsPath => sandbox.Network.NetnsPath;

    /// <summary>Ends when the pod is gone from the node.</summary>
    public Task Gone => running;

    /// <summary>The object changed.</summary>
    public void Update(LabPod pod)
    {
        Pod = pod;
        if (pod.IsLeaving)
        {
            Leave();
        }
    }

    /// <summary>Begins the graceful end.</summary>
    public void Leave() => leaving.Cancel();

    /// <summary>Mounted ConfigMaps and Secrets may have changed.</summary>
    public async Task RefreshVolumesAsync(CancellationToken ct)
    {
        try
        {
            await volumes.FillAsync(ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is NotYetException or KubeException or HttpRequestException or IOException)
        {
            // What is mounted stays as it was.
        }
    }

    public async ValueTask DisposeAsync()
    {
        Leave();
        await closed.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(running, reporting, refreshing).ConfigureAwait(false);
        leaving.Dispose();
        closed.Dispose();
    }

    private async Task RunAsync()
    {
        await Task.Yield();
        try
        {
            if (await UntilDoneAsync(PrepareAsync).ConfigureAwait(false))
            {
                await RunContainersAsync().ConfigureAwait(false);
            }

            // A pod that has finished stays, without processes, until it is deleted.
            await Task.Delay(Timeout.InfiniteTimeSpan, node.Time, leaving.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (OperationCanceledException) when (leaving.IsCancellationRequested)
        {
            // On to the end.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            NodeLog.PodFailed(node.Logger, Pod.Metadata.Key, e.Message);
            message = e.Message;
            statusLoop.Trigger();
            await Task.Delay(Timeout.InfiniteTimeSpan, node.Time, leaving.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await EndAsync().ConfigureAwait(false);
    }

    private async Task PrepareAsync()
    {
        await sandbox.CreateAsync().ConfigureAwait(false);
        statusLoop.Trigger();
        await Task.WhenAll(sandbox.CaptureAsync(), volumes.FillAsync(leaving.Token)).ConfigureAwait(false);
    }

    /// <summary>Again and again until it succeeds (true) or the pod leaves (false).</summary>
    private async Task<bool> UntilDoneAsync(Func<Task> step)
    {
        string? told = null;
        for (var pause = Retry; !leaving.IsCancellationRequested; pause = pause * 2 > MaxRetry ? MaxRetry : pause * 2)
        {
            try
            {
                await step().ConfigureAwait(false);
                message = null;
                return true;
            }
            catch (Exception e) when (e is NotYetException or KubeException or HttpRequestException)
            {
                message = e.Message;
                if (told != e.Message)
                {
                    told = e.Message;
                    NodeLog.PodDelayed(node.Logger, Pod.Metadata.Key, e.Message);
                    await node.Events.WriteAsync(Pod, "Pod", true, (e as NotYetException)?.Reason ?? "FailedMount", e.Message, closed.Token).ConfigureAwait(false);
                }
            }

            await Task.Delay(pause, node.Time, leaving.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return false;
    }

    private async Task RunContainersAsync()
    {
        var sidecars = new List<Task>();
        foreach (var container in Init)
        {
            var run = container.RunAsync();
            if (container.IsInit)
            {
                await WhileStayingAsync(run, container).ConfigureAwait(false);
                if (leaving.IsCancellationRequested || container.View.State is not ContainerState.Terminated { ExitCode: 0 })
                {
                    return;
                }
            }
            else
            {
                sidecars.Add(run);
                await StartedAsync(container).ConfigureAwait(false);
            }
        }

        var main = Task.WhenAll(Main.Select(c => c.RunAsync()));
        await WhileStayingAsync(main, null).ConfigureAwait(false);
        if (!leaving.IsCancellationRequested)
        {
            await StopAsync(Init).ConfigureAwait(false);
            await Task.WhenAll(sidecars).ConfigureAwait(false);
        }
    }

    private async Task WhileStayingAsync(Task run, ContainerRunner? one)
    {
        await run.WaitAsync(leaving.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (leaving.IsCancellationRequested)
        {
            await StopAsync(one is null ? [.. Main, .. Init] : [one, .. Init]).ConfigureAwait(false);
            await run.ConfigureAwait(false);
        }
    }

    private async Task StartedAsync(ContainerRunner sidecar)
    {
        while (!sidecar.View.Started && !leaving.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), node.Time, leaving.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Task StopAsync(IEnumerable<ContainerRunner> containers)
    {
        var grace = TimeSpan.FromSeconds(Pod.Metadata.DeletionGracePeriodSeconds ?? Pod.Spec.TerminationGracePeriodSeconds ?? 30);
        return Task.WhenAll(containers.Distinct().Select(c => c.StopAsync(closed.IsCancellationRequested ? TimeSpan.Zero : grace)));
    }

    private async Task EndAsync()
    {
        await StopAsync([.. Main, .. Init]).ConfigureAwait(false);
        await sandbox.RemoveAsync().ConfigureAwait(false);
        foreach (var container in Init.Concat(Main))
        {
            container.Dispose();
        }

        while (!closed.IsCancellationRequested)
        {
            try
            {
                await node.Cluster.Pods.Client.DeleteAsync(
                    Pod.Metadata.Namespace, Pod.Metadata.Name, new DeleteOptions { GracePeriodSeconds = 0, Uid = Pod.Metadata.Uid }, closed.Token).ConfigureAwait(false);
                return;
            }
            catch (KubeException e) when (e.IsNotFound || e.IsConflict)
            {
                return;
            }
            catch (Exception e) when (e is KubeException or HttpRequestException or OperationCanceledException)
            {
                await Task.Delay(Retry, node.Time, closed.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task RefreshAsync()
    {
        while (!closed.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromSeconds(10), node.Time, closed.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (volumes.NextRenewal <= node.Time.GetUtcNow() && !leaving.IsCancellationRequested)
            {
                await RefreshVolumesAsync(closed.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task WriteStatusAsync(CancellationToken ct)
    {
        var status = PodStatusText.Build(Pod, Moment(), node.Time.GetUtcNow());
        var before = written is null ? null : JsonNode.Parse(written)!["conditions"] as JsonArray;
        Conditions.KeepTimes(before, (JsonArray)status["conditions"]!);
        var text = status.ToJsonString();
        if (text == written)
        {
            return;
        }

        try
        {
            node.Cluster.Pods.Put(await node.Cluster.Pods.Client.PatchStatusAsync(
                Pod.Metadata.Namespace, Pod.Metadata.Name, Patch.Merge(new JsonObject { ["status"] = status }, "kubelet"), ct).ConfigureAwait(false));
            written = text;
        }
        catch (KubeException e) when (e.IsNotFound)
        {
            // Deleted by force: the watch tells.
        }
    }

    private PodMoment Moment() => new()
    {
        Init = Init,
        Main = Main,
        HostAddresses = node.NodeAddresses,
        Network = sandbox.IsUp ? sandbox.Network : null,
        StartedAt = startedAt,
        Ending = leaving.IsCancellationRequested,
        Message = message,
    };
}
