using Ambient.Proxy.Names;
using Ambient.Core;
using Ambient.Core.Identity;
using Ambient.Core.Workloads;
using Ambient.Hbone.Pool;
using Ambient.Identity.Svids;
using Ambient.Ztunnel.Capture;
using Ambient.Ztunnel.Connections;
using Ambient.Ztunnel.Hosting;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Enrolment;

/// <summary>
/// One captured pod as its pipelines see it. Who the pod is comes from the enrolment, that is from the netns in which the
/// sockets live, and never from an address or from what a peer says.
/// </summary>
internal sealed class PodContext
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    internal required NodeContext Node { get; init; }

    internal required PodRecord Pod { get; init; }

    /// <summary>Replaced by the enrolment loop when the operator's word changes.</summary>
    internal required volatile PodEnrolment Enrolment;

    internal required Netns Netns { get; init; }

    internal required PodSockets Sockets { get; init; }

    internal required PodBudget Budget { get; init; }

    internal required ILogger Log { get; init; }

    internal ConnectionRegistry Connections { get; } = new();

    /// <summary>Set once before the first connection.</summary>
    internal HbonePool Pool { get; set; } = null!;

    /// <summary>Hosts outside the mesh, by the pod's own nameservers. Set once before the first connection.</summary>
    internal NameResolver Names { get; set; } = null!;

    internal MeshSnapshot Mesh => Node.Mesh.Current;

    internal SpiffeId Identity =>
        new(Node.Mesh.Current.Settings.TrustDomain, Enrolment.Namespace, Enrolment.ServiceAccount);

    /// <summary>The pod's own workload as of now; null while discovery has not told of it, or tells of another.</summary>
    internal Workload? LocalNow() => IsOwn(Node.Mesh.IsReady ? Mesh.WorkloadByUid(Enrolment.WorkloadUid) : null);

    /// <summary>As <see cref="LocalNow"/>, waiting a little for a pod that has just started.</summary>
    internal async ValueTask<Workload?> LocalAsync() =>
        IsOwn(await Node.Mesh.WorkloadAsync(Enrolment.WorkloadUid, s_patience));

    /// <summary>Waits a little for the first certificate.</summary>
    /// <exception cref="SvidUnavailableException">None in time.</exception>
    internal async ValueTask<Svid> SvidAsync(SpiffeId id)
    {
        using var limit = new CancellationTokenSource(s_patience, Node.Time);
        try
        {
            return await Node.Svids.GetAsync(id, limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new SvidUnavailableException(id, "no certificate yet");
        }
    }

    /// <summary>Metrics and log of a connection that has ended.</summary>
    internal void Report(TrackedConnection connection)
    {
        Node.Metrics.Closed(connection);
        if (Mesh.Settings.AccessLog)
        {
            Node.AccessLog.Write(connection, Node.Time.GetElapsedTime(connection.Opened));
        }
    }

    // A workload of another namespace or service account under this key would lend its identity: it does not count.
    private Workload? IsOwn(Workload? workload) =>
        workload is not null && workload.Namespace == Enrolment.Namespace && workload.ServiceAccount == Enrolment.ServiceAccount
            ? workload
            : null;
}
