using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Lab.Objects;
using Microsoft.Extensions.Logging;

namespace Ambient.Lab.Watching;

/// <summary>The kinds that the lab's controllers and nodes share; one watch each.</summary>
internal sealed class ClusterMirror(KubeClient client, TimeProvider time, ILogger logger)
{
    public KubeClient Client { get; } = client;

    public TimeProvider Time { get; } = time;

    public ILogger Logger { get; } = logger;

    public Mirror<LabPod> Pods { get; } = new(client, time, logger);

    public Mirror<Node> Nodes { get; } = new(client, time, logger);

    public Mirror<LabService> Services { get; } = new(client, time, logger);

    public Mirror<EndpointSlice> Slices { get; } = new(client, time, logger);

    public Mirror<ConfigMap> ConfigMaps { get; } = new(client, time, logger);

    public Mirror<Secret> Secrets { get; } = new(client, time, logger);

    public Mirror<LabDeployment> Deployments { get; } = new(client, time, logger);

    public Mirror<LabReplicaSet> ReplicaSets { get; } = new(client, time, logger);

    public Mirror<LabDaemonSet> DaemonSets { get; } = new(client, time, logger);

    public Mirror<LabStatefulSet> StatefulSets { get; } = new(client, time, logger);

    /// <summary>The watches; they end with the token.</summary>
    public Task RunAsync(CancellationToken ct) => Task.WhenAll(
        Pods.RunAsync(ct), Nodes.RunAsync(ct), Services.RunAsync(ct), Slices.RunAsync(ct), ConfigMaps.RunAsync(ct), Secrets.RunAsync(ct),
        Deployments.RunAsync(ct), ReplicaSets.RunAsync(ct), DaemonSets.RunAsync(ct), StatefulSets.RunAsync(ct));

    public Task SyncedAsync(CancellationToken ct) => Task.WhenAll(
        Pods.Synced, Nodes.Synced, Services.Synced, Slices.Synced, ConfigMaps.Synced, Secrets.Synced,
        Deployments.Synced, ReplicaSets.Synced, DaemonSets.Synced, StatefulSets.Synced).WaitAsync(ct);
}
