using System.Collections.Immutable;
using System.Net;

namespace Ambient.Core.Workloads;

/// <summary>
/// The operator's word about one pod of a node: captured or not. Every pod of the node has one; absence is no answer
/// (our own type on the discovery stream, <c>ambient.enrolment.v1.PodEnrolment</c>).
/// </summary>
public sealed record PodEnrolment
{
    /// <summary>Kubernetes uid of the pod; resource name on the wire.</summary>
    public required string PodUid { get; init; }

    public required string Namespace { get; init; }

    public required string Name { get; init; }

    public required string ServiceAccount { get; init; }

    public required bool Enrolled { get; init; }

    /// <summary>Why enrolled or not, for people: <c>namespace label ambient.dev/mesh=enabled</c>.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Key of the pod's <see cref="Workload"/>.</summary>
    public string WorkloadUid { get; init; } = "";

    /// <summary>Inbound ports that stay uncaptured.</summary>
    public ImmutableArray<ushort> ExcludedInboundPorts { get; init; } = [];

    public ImmutableArray<ushort> ExcludedOutboundPorts { get; init; } = [];

    public ImmutableArray<IPNetwork> ExcludedOutboundRanges { get; init; } = [];

    /// <summary>Annotation <c>ambient.istio.io/bypass-inbound-capture</c>.</summary>
    public bool BypassInbound { get; init; }

    /// <summary>Annotation <c>ambient.istio.io/dns-capture</c>; on unless told otherwise.</summary>
    public bool DnsCapture { get; init; } = true;
}
