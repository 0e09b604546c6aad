using Ambient.Core.Identity;
using Ambient.Core.Workloads;
using Ambient.Proxy.Telemetry;
using Ambient.Ztunnel.Connections;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>Names and order of the labels that dashboards for this mesh model expect; what is not known is <c>unknown</c>.</summary>
internal static class TcpLabelText
{
    private const string Unknown = "unknown";

    internal static string Of(in TcpLabels l) => PrometheusText.Labels(
        ("reporter", l.Direction == Direction.Outbound ? "source" : "destination"),
        ("source_workload", Name(l.Source)),
        ("source_canonical_service", Or(l.Source?.CanonicalName)),
        ("source_canonical_revision", Or(l.Source?.CanonicalRevision)),
        ("source_workload_namespace", Or(l.Source?.Namespace)),
        ("source_principal", Principal(l.SourceId)),
        ("source_app", Or(l.Source?.CanonicalName)),
        ("source_version", Or(l.Source?.CanonicalRevision)),
        ("source_cluster", Or(l.Source?.ClusterId)),
        ("source_region", Or(l.Source?.Locality.Region)),
        ("source_zone", Or(l.Source?.Locality.Zone)),
        ("destination_service", Or(l.Service?.Hostname)),
        ("destination_service_namespace", Or(l.Service?.Namespace)),
        ("destination_service_name", Or(l.Service?.Name)),
        ("destination_workload", Name(l.Destination)),
        ("destination_canonical_service", Or(l.Destination?.CanonicalName)),
        ("destination_canonical_revision", Or(l.Destination?.CanonicalRevision)),
        ("destination_workload_namespace", Or(l.Destination?.Namespace)),
        ("destination_principal", Principal(l.DestinationId)),
        ("destination_app", Or(l.Destination?.CanonicalName)),
        ("destination_version", Or(l.Destination?.CanonicalRevision)),
        ("destination_cluster", Or(l.Destination?.ClusterId)),
        ("destination_region", Or(l.Destination?.Locality.Region)),
        ("destination_zone", Or(l.Destination?.Locality.Zone)),
        ("request_protocol", "tcp"),
        ("response_flags", l.Flags),
        ("connection_security_policy", l.MutualTls ? "mutual_tls" : Unknown));

    private static string Name(Workload? workload) =>
        workload is null ? Unknown : Or(workload.WorkloadName.Length > 0 ? workload.WorkloadName : workload.Name);

    private static string Principal(SpiffeId? id) => id?.ToString() ?? Unknown;

    private static string Or(string? text) => string.IsNullOrEmpty(text) ? Unknown : text;
}
