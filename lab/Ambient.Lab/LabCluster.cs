namespace Ambient.Lab;

/// <summary>
/// A Kubernetes cluster on this machine: nodes and pods are network namespaces, containers are processes. It must be started
/// inside namespaces of its own (<c>ambientctl lab up</c>, or <c>eng/in-namespace</c> for tests), so that nothing outlives it.
/// Several may run beside each other in one process; each has an outer network namespace of its own.
/// </summary>
public sealed class LabCluster : IAsyncDisposable
{
    private LabCluster()
    {
    }

    /// <summary>Nodes Ready, DNS answering, API serving (and with <see cref="LabOptions.Mesh"/>: operator and ztunnels ready) when the task completes.</summary>
    /// <exception cref="InvalidOperationException">Not inside namespaces of its own, or a program is missing; the message says which.</exception>
    public static Task<LabCluster> StartAsync(LabOptions options, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>Path of a kubeconfig (mode 0600) of a cluster admin.</summary>
    public string KubeconfigPath => throw new NotSupportedException();

    public IReadOnlyList<LabNode> Nodes => throw new NotSupportedException();

    /// <summary>The network namespace that joins the nodes; what listens on an address there is "outside the cluster" for pods.</summary>
    public string OuterNetnsPath => throw new NotSupportedException();

    /// <summary>Path of a pod's network namespace; of its node's when the pod has hostNetwork.</summary>
    /// <exception cref="InvalidOperationException">No such pod is running.</exception>
    public string PodNetnsPath(string @namespace, string pod) => throw new NotSupportedException();

    /// <summary>Runs a command in a pod's container (null: the first), as <c>kubectl exec</c> does.</summary>
    public Task<ExecResult> ExecInPodAsync(
        string @namespace, string pod, IReadOnlyList<string> command, string? container = null, CancellationToken ct = default) =>
        throw new NotSupportedException();

    /// <summary>Sends a signal to a container's process (null: the first container), as if it had failed.</summary>
    public Task SignalAsync(string @namespace, string pod, int signal, string? container = null) => throw new NotSupportedException();

    /// <summary>Creates or updates every object of YAML documents (namespaces first), as <c>kubectl apply --server-side</c> does.</summary>
    public Task ApplyAsync(string yaml, CancellationToken ct = default) => throw new NotSupportedException();

    /// <summary>Waits until a pod with these labels (<c>key=value,…</c>) is Ready and none is not; returns the names of the ready pods.</summary>
    /// <exception cref="TimeoutException">Says which pod is not ready and why.</exception>
    public Task<IReadOnlyList<string>> WaitReadyAsync(string @namespace, string labelSelector, int count, TimeSpan timeout, CancellationToken ct = default) =>
        throw new NotSupportedException();

    /// <summary>The API server drops its connections, stays away for <paramref name="downtime"/>, and comes back with its data.</summary>
    public Task RestartApiServerAsync(TimeSpan downtime = default, bool forgetHistory = false, CancellationToken ct = default) =>
        throw new NotSupportedException();

    /// <summary>Ends every process and removes every namespace of the lab.</summary>
    public Task StopAsync() => throw new NotSupportedException();

    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);
}
