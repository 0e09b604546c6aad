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

    private static (string Name, string Value)[] Standard(in SeriesKey key) =>
    [
        ("reporter", key.IsGateway ? "source" : "waypoint"),
        ("source_workload", Or(key.Source.Workload)),
        ("source_canonical_service", Or(key.Source.Canonical)),
        ("source_canonical_revision", Or(key.Source.Revision)),
        ("source_workload_namespace", Or(key.Source.Namespace)),
        ("source_principal", Or(key.Source.Principal)),
        ("source_app", Or(key.Source.Canonical)),
        ("source_version", Or(key.Source.Revision)),
        ("source_cluster", Or(key.Source.Cluster)),
        ("destination_workload", Or(key.Destination.Workload)),
        ("destination_workload_namespace", Or(key.Destination.Namespace)),
        ("destination_principal", Or(key.Destination.Principal)),
        ("destination_app", Or(key.Destination.Canonical)),
        ("destination_version", Or(key.Destination.Revision)),
        ("destination_service", Or(key.Service.Host)),
        ("destination_canonical_service", Or(key.Destination.Canonical)),
        ("destination_canonical_revision", Or(key.Destination.Revision)),
        ("destination_service_name", Or(key.Service.Name)),
        ("destination_service_namespace", Or(key.Service.Namespace)),
        ("destination_cluster", Or(key.Destination.Cluster)),
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
