using System.Net;
using Ambient.Core;
using Ambient.Core.Workloads;

namespace Ambient.Cli.Explaining;

/// <summary>Whether a pod's node proxy sees a connection, and why not.</summary>
internal sealed class Capture
{
    private readonly Dictionary<string, PodEnrolment> _byWorkload;

    public Capture(MeshSnapshot mesh)
    {
        _byWorkload = new Dictionary<string, PodEnrolment>(StringComparer.Ordinal);
        foreach (PodEnrolment enrolment in mesh.Enrolments.Values)
        {
            _byWorkload[enrolment.WorkloadUid] = enrolment;
        }
    }

    /// <summary>Null when captured; otherwise why not.</summary>
    public string? WhyNotOutbound(Workload pod, IPEndPoint destination) =>
        WhyNotEnrolled(pod)
        ?? (EnrolmentOf(pod) is not { } enrolment ? null
            : enrolment.ExcludedOutboundPorts.Contains((ushort)destination.Port)
                ? $"{pod.Namespace}/{pod.Name} leaves outbound port {destination.Port} uncaptured"
            : enrolment.ExcludedOutboundRanges.Any(r => r.Contains(destination.Address))
                ? $"{pod.Namespace}/{pod.Name} leaves connections to {destination.Address} uncaptured"
            : null);

    /// <summary>The same for plaintext that arrives at a pod.</summary>
    public string? WhyNotInbound(Workload pod, int port) =>
        WhyNotEnrolled(pod)
        ?? (EnrolmentOf(pod) is not { } enrolment ? null
            : enrolment.BypassInbound ? $"{pod.Namespace}/{pod.Name} bypasses inbound capture"
            : enrolment.ExcludedInboundPorts.Contains((ushort)port) ? $"{pod.Namespace}/{pod.Name} leaves inbound port {port} uncaptured"
            : null);

    private string? WhyNotEnrolled(Workload pod) =>
        EnrolmentOf(pod) is { } enrolment
            ? enrolment.Enrolled ? null : $"{pod.Namespace}/{pod.Name} is not in the mesh: {enrolment.Reason}"
            : pod.TunnelProtocol == TunnelProtocol.Hbone ? null : $"{pod.Namespace}/{pod.Name} is not in the mesh";

    private PodEnrolment? EnrolmentOf(Workload pod) => _byWorkload.GetValueOrDefault(pod.Uid);
}
