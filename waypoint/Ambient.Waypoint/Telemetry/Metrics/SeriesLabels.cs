using System.Globalization;
using Ambient.Policy.Telemetry;
using Ambient.Proxy.Telemetry;
using Ambient.Waypoint.Requests;

namespace Ambient.Waypoint.Telemetry.Metrics;

/// <summary>Names and order of the labels that Istio's standard metrics have; what is not known is <c>unknown</c>.</summary>
internal static class SeriesLabels
{
    private const int Longest = 256;
    private const string Unknown = "unknown";

    /// <param name="metric">For what Telemetry resources change.</param>
    internal static string Of(in SeriesKey key, string metric)
    {
        (string Name, string Value)[] labels = Standard(key);
        return PrometheusText.Labels(key.Plan is { } plan ? [.. Changed(labels, plan, plan.For(metric), key.Values)] : labels);
    }

    /// <summary>Those that say who speaks with whom.</summary>
    internal static (string Name, string Value)[] Parties(string reporter, Party source, Party destination, ServiceName service) =>
    [
        ("reporter", reporter),
        ("source_workload", Or(source.Workload)),
        ("source_canonical_service", Or(source.Canonical)),
        ("source_canonical_revision", Or(source.Revision)),
        ("source_workload_namespace", Or(source.Namespace)),
        ("source_principal", Or(source.Principal)),
        ("source_app", Or(source.Canonical)),
        ("source_version", Or(source.Revision)),
        ("source_cluster", Or(source.Cluster)),
        ("destination_workload", Or(destination.Workload)),
        ("destination_workload_namespace", Or(destination.Namespace)),
        ("destination_principal", Or(destination.Principal)),
        ("destination_app", Or(destination.Canonical)),
        ("destination_version", Or(destination.Revision)),
        ("destination_service", Or(service.Host)),
        ("destination_canonical_service", Or(destination.Canonical)),
        ("destination_canonical_revision", Or(destination.Revision)),
        ("destination_service_name", Or(service.Name)),
        ("destination_service_namespace", Or(service.Namespace)),
        ("destination_cluster", Or(destination.Cluster)),
    ];

    private static (string Name, string Value)[] Standard(in SeriesKey key) =>
    [
        .. Parties(key.IsGateway ? "source" : "waypoint", key.Source, key.Destination, key.Service),
        ("request_protocol", key.IsGrpc ? "grpc" : "http"),
        ("response_code", key.Status.ToString(CultureInfo.InvariantCulture)),
        ("grpc_response_status", key.GrpcStatus < 0 ? "" : key.GrpcStatus.ToString(CultureInfo.InvariantCulture)),
        ("response_flags", ResponseFlagsText.Of(key.Flags)),
        ("connection_security_policy", key.MutualTls ? "mutual_tls" : key.IsGateway ? Unknown : "none"),
    ];

    private static IEnumerable<(string Name, string Value)> Changed((string Name, string Value)[] labels, LabelPlan plan, MetricPlan change, PlanValues? values) =>
        labels.Where(l => !change.Removed.Contains(l.Name) && !change.Set.ContainsKey(l.Name))
            .Concat(change.Set.Select(s => (s.Key, Short(plan.ValueOf(s.Value, values)))));

    private static string Short(string text) => text.Length <= Longest ? text : text[..Longest];

    private static string Or(string text) => text.Length > 0 ? text : Unknown;
}
