using System.Collections.Immutable;
using System.Net;
using Ambient.Core.Workloads;

namespace Ambient.Ztunnel.Enrolment;

/// <summary>A <see cref="PodEnrolment"/> as it is kept on disk.</summary>
internal sealed record KeptEnrolment
{
    public required string PodUid { get; init; }

    public required string Namespace { get; init; }

    public required string Name { get; init; }

    public required string ServiceAccount { get; init; }

    public required bool Enrolled { get; init; }

    public string Reason { get; init; } = "";

    public string WorkloadUid { get; init; } = "";

    public ImmutableArray<ushort> ExcludedInboundPorts { get; init; } = [];

    public ImmutableArray<ushort> ExcludedOutboundPorts { get; init; } = [];

    public ImmutableArray<string> ExcludedOutboundRanges { get; init; } = [];

    public bool BypassInbound { get; init; }

    public bool DnsCapture { get; init; } = true;

    internal static KeptEnrolment From(PodEnrolment e) => new()
    {
        PodUid = e.PodUid,
        Namespace = e.Namespace,
        Name = e.Name,
        ServiceAccount = e.ServiceAccount,
        Enrolled = e.Enrolled,
        Reason = e.Reason,
        WorkloadUid = e.WorkloadUid,
        ExcludedInboundPorts = e.ExcludedInboundPorts,
        ExcludedOutboundPorts = e.ExcludedOutboundPorts,
        ExcludedOutboundRanges = [.. e.ExcludedOutboundRanges.Select(r => r.ToString())],
        BypassInbound = e.BypassInbound,
        DnsCapture = e.DnsCapture,
    };

    internal PodEnrolment ToEnrolment() => new()
    {
        PodUid = PodUid,
        Namespace = Namespace,
        Name = Name,
        ServiceAccount = ServiceAccount,
        Enrolled = Enrolled,
        Reason = Reason,
        WorkloadUid = WorkloadUid,
        ExcludedInboundPorts = ExcludedInboundPorts,
        ExcludedOutboundPorts = ExcludedOutboundPorts,
        ExcludedOutboundRanges = [.. ExcludedOutboundRanges.Select(r => IPNetwork.Parse(r))],
        BypassInbound = BypassInbound,
        DnsCapture = DnsCapture,
    };
}
