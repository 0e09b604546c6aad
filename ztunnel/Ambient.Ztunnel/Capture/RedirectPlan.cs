using System.Collections.Immutable;
using System.Net;
using Ambient.Core.Workloads;

namespace Ambient.Ztunnel.Capture;

/// <summary>What is captured in one pod's netns and what is let be.</summary>
internal sealed record RedirectPlan
{
    internal required NodeMarks Marks { get; init; }

    internal bool Dns { get; init; } = true;

    internal bool Inbound { get; init; } = true;

    internal ImmutableArray<ushort> ExcludedInboundPorts { get; init; } = [];

    internal ImmutableArray<ushort> ExcludedOutboundPorts { get; init; } = [];

    internal ImmutableArray<IPNetwork> ExcludedOutboundRanges { get; init; } = [];

    internal static RedirectPlan For(PodEnrolment enrolment, NodeMarks marks) => new()
    {
        Marks = marks,
        Dns = enrolment.DnsCapture,
        Inbound = !enrolment.BypassInbound,
        ExcludedInboundPorts = enrolment.ExcludedInboundPorts,
        ExcludedOutboundPorts = enrolment.ExcludedOutboundPorts,
        ExcludedOutboundRanges = enrolment.ExcludedOutboundRanges,
    };
}
