using System.Collections.Concurrent;
using Ambient.Lab.Containers;
using Ambient.Lab.Objects;

namespace Ambient.Lab.Nodes;

/// <summary>A node's kubelet: a runner for each pod that is bound to the node.</summary>
internal sealed class NodeAgent : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, PodRunner> pods = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource closed = new();
    private readonly Lock gate = new();
    private bool stopped;

    public NodeAgent(NodeContext node)
    {
        Node = node;
        node.Cluster.Pods.Changed += OnPod;
        node.Cluster.ConfigMaps.Changed += OnConfigMap;
        node.Cluster.Secrets.Changed += OnSecret;
    }

    public NodeContext Node { get; }

    /// <summary>After the mirrors have synced: pods that were bound before.</summary>
    public void Start()
    {
        foreach (var pod in Node.Cluster.Pods.Items)
        {
            OnPod(null, pod);
        }
    }

    public PodRunner? Find(string @namespace, string name) => pods.Values.FirstOrDefault(p => p.Pod.Metadata.Name == name && p.Pod.Metadata.Namespace == @namespace);

    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            stopped = true;
        }

        Node.Cluster.Pods.Changed -= OnPod;
        Node.Cluster.ConfigMaps.Changed -= OnConfigMap;
        Node.Cluster.Secrets.Changed -= OnSecret;
        await closed.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(pods.Values.Select(p => p.DisposeAsync().AsTask())).ConfigureAwait(false);
        closed.Dispose();
    }

    private void OnPod(LabPod? before, LabPod? after)
    {
        var pod = after ?? before!;
        if (pod.Spec.NodeName != Node.Name)
        {
            return;
        }

        var uid = pod.Metadata.Uid!;
        lock (gate)
        {
            if (pods.TryGetValue(uid, out var runner))
            {
                if (after is null)
                {
                    runner.Leave();
                }
                else
                {
                    runner.Update(after);
                }
            }
            else if (after is not null && !stopped && (!after.IsFinished || after.IsLeaving))
            {
                Add(uid, after);
            }
        }
    }

    private void Add(string uid, LabPod pod)
    {
        try
        {
            var runner = new PodRunner(Node, pod);
            pods[uid] = runner;
            if (pod.IsLeaving)
            {
                runner.Leave();
            }

            _ = ForgetAsync(uid, runner);
        }
        catch (InvalidOperationException e)
        {
            NodeLog.PodFailed(Node.Logger, pod.Metadata.Key, e.Message);
        }
    }

    private async Task ForgetAsync(string uid, PodRunner runner)
    {
        await runner.Gone.ConfigureAwait(false);
        lock (gate)
        {
            if (stopped)
            {
                return;
            }

            pods.TryRemove(uid, out _);
        }

        await runner.DisposeAsync().ConfigureAwait(false);
    }

    private void OnConfigMap(Ambient.Kube.Resources.ConfigMap? before, Ambient.Kube.Resources.ConfigMap? after) =>
        Refresh(after?.Metadata.Namespace, v => v.ConfigMap?.Name == after?.Metadata.Name || v.Projected?.Sources.Any(s => s.ConfigMap?.Name == after?.Metadata.Name) == true);

    private void OnSecret(Ambient.Kube.Resources.Secret? before, Ambient.Kube.Resources.Secret? after) =>
        Refresh(after?.Metadata.Namespace, v => v.Secret?.SecretName == after?.Metadata.Name || v.Projected?.Sources.Any(s => s.Secret?.Name == after?.Metadata.Name) == true);

    private void Refresh(string? @namespace, Func<LabVolume, bool> mounts)
    {
        foreach (var pod in pods.Values.Where(p => @namespace is not null && p.Pod.Metadata.Namespace == @namespace && p.Pod.Spec.Volumes.Any(mounts)))
        {
            _ = pod.RefreshVolumesAsync(closed.Token);
        }
    }
}
