using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Ambient.Compile.Sources;
using Ambient.Core.Workloads;

namespace Ambient.Compile.Enrolment;

/// <summary>Pod and decision → what its node's proxy is told.</summary>
internal static class PodEnrolmentCompiler
{
    public static PodEnrolment Compile(PodSource pod, EnrolmentDecision decision, string workloadUid) => new()
    {
        PodUid = pod.Meta.Uid.Length > 0 ? pod.Meta.Uid : $"{pod.Meta.Namespace}/{pod.Meta.Name}",
        Namespace = pod.Meta.Namespace,
        Name = pod.Meta.Name,
        ServiceAccount = pod.ServiceAccount,
        Enrolled = decision.Enrolled,
        Reason = decision.Reason,
        WorkloadUid = workloadUid,
        ExcludedInboundPorts = Ports(pod.Meta, "ambient.dev/exclude-inbound-ports", "traffic.sidecar.istio.io/excludeInboundPorts"),
        ExcludedOutboundPorts = Ports(pod.Meta, "ambient.dev/exclude-outbound-ports", "traffic.sidecar.istio.io/excludeOutboundPorts"),
        ExcludedOutboundRanges = Ranges(pod.Meta, "ambient.dev/exclude-outbound-ranges", "traffic.sidecar.istio.io/excludeOutboundIPRanges"),
        BypassInbound = pod.Meta.Annotation("ambient.istio.io/bypass-inbound-capture") == "true",
        DnsCapture = pod.Meta.Annotation("ambient.istio.io/dns-capture") != "false",
    };

    /// <summary>Items that are no ports are not excluded: capture is the safe side.</summary>
    private static ImmutableArray<ushort> Ports(SourceMeta meta, string ours, string theirs) =>
        [.. Items(meta, ours, theirs)
            .Select(static t => ushort.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) ? port : (ushort)0)
            .Where(static p => p > 0).Distinct().Order()];

    private static ImmutableArray<IPNetwork> Ranges(SourceMeta meta, string ours, string theirs) =>
        [.. Items(meta, ours, theirs).Select(static t => IpText.TryRange(t, out var r) ? r : (IPNetwork?)null).OfType<IPNetwork>().Distinct()];

    private static string[] Items(SourceMeta meta, string ours, string theirs) =>
        (meta.Annotations.GetValueOrDefault(ours) ?? meta.Annotation(theirs))
        .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
