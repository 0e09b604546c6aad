using Ambient.Kube.Emulator.Nodes;
using Ambient.Kube.Http;
using Ambient.Lab.Containers;
using Ambient.Lab.Meshing;
using Ambient.Lab.Nodes;
using Ambient.Lab.Starting;

namespace Ambient.Lab;

/// <summary>
/// A Kubernetes cluster on this machine: nodes and pods are network namespaces, containers are processes. It must be started
/// inside namespaces of its own (<c>ambientctl lab up</c>, or <c>eng/in-namespace</c> for tests), so that nothing outlives it.
/// Several may run beside each other in one process; each has an outer network namespace of its own.
/// </summary>
public sealed class LabCluster : IAsyncDisposable
{
    private readonly LabCore core;
    private int stopped;

    private LabCluster(LabCore core, string kubeconfigPath)
    {
        this.core = core;
        KubeconfigPath = kubeconfigPath;
        Nodes = [.. core.Agents.Select(a => new LabNode
        {
            Name = a.Node.Name,
            NetnsPath = a.Node.NetnsPath,
            Addresses = a.Node.NodeAddresses,
            HostDirectory = a.Node.HostDirectory,
        })];
    }

    /// <summary>A client of the API server with a cluster admin's rights; the lab disposes it.</summary>
    public KubeClient Admin => core.Client;

    /// <summary>Path of a kubeconfig (mode 0600) of a cluster admin.</summary>
    public string KubeconfigPath { get; }

    public IReadOnlyList<LabNode> Nodes { get; }

    /// <summary>The network namespace that joins the nodes; what listens on an address there is "outside the cluster" for pods.</summary>
    public string OuterNetnsPath => core.Network.OuterPath;

    /// <summary>Nodes Ready, DNS answering, API serving (and with <see cref="LabOptions.Mesh"/>: operator and ztunnels ready) when the task completes.</summary>
    /// <exception cref="InvalidOperationException">Not inside namespaces of its own, or a program is missing; the message says which.</exception>
    public static async Task<LabCluster> StartAsync(LabOptions options, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        var core = await LabCore.StartAsync(options, ct).ConfigureAwait(false);
        try
        {
            var path = Path.Combine(options.StateDirectory ?? core.Folder, "kubeconfig");
            PrivateFile.Write(path, core.Kubeconfig);
            if (options.Mesh)
            {
                await MeshInstaller.InstallAsync(core, ct).ConfigureAwait(false);
            }

            return new LabCluster(core, path);
        }
        catch
        {
            await core.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Path of a pod's network namespace; of its node's when the pod has hostNetwork.</summary>
    /// <exception cref="InvalidOperationException">No such pod is running.</exception>
    public string PodNetnsPath(string @namespace, string pod) => Runner(@namespace, pod).NetnsPath;

    /// <summary>Runs a command in a pod's container (null: the first), as <c>kubectl exec</c> does.</summary>
    public Task<ExecResult> ExecInPodAsync(
        string @namespace, string pod, IReadOnlyList<string> command, string? container = null, CancellationToken ct = default)
    {
        var exec = Container(@namespace, pod, container).Exec ?? throw new InvalidOperationException($"{@namespace}/{pod} is not running");
        return exec.RunAsync(command, ct);
    }

    /// <summary>Runs a program of the machine in a network namespace of the lab (a node's, a pod's, the outer one).</summary>
    public static async Task<ExecResult> ExecInNetnsAsync(string netnsPath, IReadOnlyList<string> command)
    {
        ArgumentNullException.ThrowIfNull(command);
        var (status, output, error) = await Kernel.Tool.TryAsync(netnsPath, command[0], [.. command.Skip(1)]).ConfigureAwait(false);
        return new ExecResult(status.Code, output, error);
    }

    /// <summary>Sends a signal to a container's process (null: the first container), as if it had failed.</summary>
    public Task SignalAsync(string @namespace, string pod, int signal, string? container = null) =>
        Container(@namespace, pod, container).Signal(signal) ? Task.CompletedTask : throw new InvalidOperationException($"{@namespace}/{pod} is not running");

    /// <summary>Process id of a container's first process (null: the first container); null while it does not run.</summary>
    public int? ProcessId(string @namespace, string pod, string? container = null) => Container(@namespace, pod, container).ProcessId;

    /// <summary>The log of a container's present run (null: the first container).</summary>
    public string Log(string @namespace, string pod, string? container = null) =>
        string.Concat((Container(@namespace, pod, container).Log?.Read(0).Lines ?? []).Select(l => l.Format(timestamps: false)));

    /// <summary>Creates or updates every object of YAML documents (namespaces first), as <c>kubectl apply --server-side</c> does.</summary>
    public Task ApplyAsync(string yaml, CancellationToken ct = default) => ManifestApplier.ApplyAsync(core.Client, yaml, "kubectl", ct);

    /// <summary>The same with a namespace for what names none, as <c>kubectl -n</c>.</summary>
    public Task ApplyAsync(string yaml, string @namespace, CancellationToken ct = default) => ManifestApplier.ApplyAsync(core.Client, yaml, "kubectl", ct, @namespace);

    /// <summary>
    /// Names that the cluster's DNS answers beside its own, each with an address; replaces those of before. With a listener in
    /// <see cref="OuterNetnsPath"/> they are a world outside the cluster.
    /// </summary>
    public void NameOutside(IReadOnlyDictionary<string, System.Net.IPAddress> hosts) => core.NameOutside(hosts);

    /// <summary>Waits until so many pods with these labels (<c>key=value,…</c>) are Ready and none is not; returns the names of the ready pods.</summary>
    /// <exception cref="TimeoutException">Says which pod is not ready and why.</exception>
    public async Task<IReadOnlyList<string>> WaitReadyAsync(string @namespace, string labelSelector, int count, TimeSpan timeout, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(labelSelector);
        using var wait = new PodWait(core.Cluster, @namespace, labelSelector, count);
        return await wait.RunAsync(timeout, ct).ConfigureAwait(false);
    }

    /// <summary>The API server drops its connections, stays away for <paramref name="downtime"/>, and comes back with its data.</summary>
    public Task RestartApiServerAsync(TimeSpan downtime = default, bool forgetHistory = false, CancellationToken ct = default) =>
        core.Api.RestartAsync(downtime, forgetHistory, ct);

    /// <summary>Ends every process and removes every namespace of the lab.</summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref stopped, 1) == 0)
        {
            await core.DisposeAsync().ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    private PodRunner Runner(string @namespace, string pod) =>
        core.Endpoint.Find(@namespace, pod) ?? throw new InvalidOperationException($"no node runs pod {@namespace}/{pod}");

    private ContainerRunner Container(string @namespace, string pod, string? container)
    {
        try
        {
            return core.Endpoint.Container(@namespace, pod, container);
        }
        catch (NodeRequestException e)
        {
            throw new InvalidOperationException(e.Message, e);
        }
    }
}
