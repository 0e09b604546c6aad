using Ambient.Core.Workloads;
using Proto = Ambient.Enrolment.V1;

namespace Ambient.Discovery.Codec;

/// <summary>ambient.enrolment.v1.PodEnrolment.</summary>
public static class EnrolmentCodec
{
    public static Proto.PodEnrolment ToProto(PodEnrolment enrolment) => new()
    {
        PodUid = enrolment.PodUid,
        Namespace = enrolment.Namespace,
        Name = enrolment.Name,
        ServiceAccount = enrolment.ServiceAccount,
        Enrolled = enrolment.Enrolled,
        Reason = enrolment.Reason,
        WorkloadUid = enrolment.WorkloadUid,
        ExcludedInboundPorts = { enrolment.ExcludedInboundPorts.Select(port => (uint)port) },
        ExcludedOutboundPorts = { enrolment.ExcludedOutboundPorts.Select(port => (uint)port) },
        ExcludedOutboundRanges =
        {
            enrolment.ExcludedOutboundRanges.Select(
                range => new Proto.Range { Address = Wire.Bytes(range.BaseAddress), Length = (uint)range.PrefixLength }),
        },
        BypassInbound = enrolment.BypassInbound,
        DnsCapture = enrolment.DnsCapture,
    };

    /// <exception cref="CodecException">A field is missing or out of range.</exception>
    public static PodEnrolment FromProto(Proto.PodEnrolment proto) => new()
    {
        PodUid = Wire.Required(proto.PodUid, "pod_uid"),
        Namespace = Wire.Required(proto.Namespace, "namespace"),
        Name = Wire.Required(proto.Name, "name"),
        ServiceAccount = Wire.Required(proto.ServiceAccount, "service_account"),
        Enrolled = proto.Enrolled,
        Reason = proto.Reason,
        WorkloadUid = proto.WorkloadUid,
        ExcludedInboundPorts = Wire.List(proto.ExcludedInboundPorts, "excluded_inbound_ports", Wire.Port),
        ExcludedOutboundPorts = Wire.List(proto.ExcludedOutboundPorts, "excluded_outbound_ports", Wire.Port),
        ExcludedOutboundRanges = Wire.List(
            proto.ExcludedOutboundRanges, "excluded_outbound_ranges", (range, field) => Wire.Range(range.Address, range.Length, field)),
        BypassInbound = proto.BypassInbound,
        DnsCapture = proto.DnsCapture,
    };
}
