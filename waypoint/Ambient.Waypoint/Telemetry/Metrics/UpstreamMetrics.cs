using System.Globalization;
using Ambient.Proxy.Telemetry;
using Ambient.Waypoint.Upstreams;
using Ambient.Waypoint.Upstreams.Clusters;

namespace Ambient.Waypoint.Telemetry.Metrics;

/// <summary>
/// What clusters are like now, by Envoy's names where Envoy has one, with Istio's label <c>cluster_name</c>. Only clusters that requests went to.
/// </summary>
internal static class UpstreamMetrics
{
    internal static void Render(PrometheusText text, ClusterSet clusters, UpstreamPools pools)
    {
        (string Labels, Cluster Cluster, EndpointView[] Endpoints)[] all =
        [
            .. clusters.All.Select(static c => (PrometheusText.Labels(("cluster_name", ClusterName.Of(c.Key))), c, (EndpointView[])[.. EndpointViews.Of(c).Where(static e => e.Member)]))
                .OrderBy(static c => c.Item1, StringComparer.Ordinal),
        ];
        Gauge("envoy_cluster_outlier_detection_ejections_active", "Endpoints that are left out because of how they answered.", static c => c.Cluster.State.Outliers?.Ejected ?? 0);
        Counter("envoy_cluster_outlier_detection_ejections_enforced_total", "Times that an endpoint was left out.", static c => c.Cluster.State.Outliers?.Ejections ?? 0);
        Gauge("envoy_cluster_membership_total", "Endpoints.", static c => c.Endpoints.Length);
        Gauge("envoy_cluster_membership_healthy", "Endpoints that are asked.", static c => c.Endpoints.Count(static e => e.Taken));
        Gauge("envoy_cluster_upstream_rq_active", "Requests under way.", static c => c.Cluster.Gate.Active);
        Gauge("envoy_cluster_upstream_rq_pending_active", "Requests that wait for a connection.", static c => c.Cluster.Gate.Waiting);
        // Envoy's name for a counter, which OpenMetrics would not take as one for want of _total.
        Gauge("envoy_cluster_upstream_rq_pending_overflow", "Requests refused because of a limit of connections or requests.", static c => c.Cluster.Gate.Overflows);
        Gauge("ambient_cluster_retries_active", "Retries under way.", static c => c.Cluster.Gate.Retries);
        Endpoints(text, all);
        text.Family("ambient_upstream_pools", "gauge", "Connection pools: one for each caller, endpoint, protocol and TLS policy.")
            .Sample("ambient_upstream_pools", "", pools.Count);

        void Gauge(string name, string help, Func<(string Labels, Cluster Cluster, EndpointView[] Endpoints), long> value) => Family(text, all, name, "gauge", help, value);
        void Counter(string name, string help, Func<(string Labels, Cluster Cluster, EndpointView[] Endpoints), long> value) => Family(text, all, name, "counter", help, value);
    }

    private static void Family(
        PrometheusText text, (string Labels, Cluster Cluster, EndpointView[] Endpoints)[] all, string name, string type, string help,
        Func<(string Labels, Cluster Cluster, EndpointView[] Endpoints), long> value)
    {
        text.Family(name, type, help);
        foreach (var cluster in all)
        {
            text.Sample(name, cluster.Labels, value(cluster));
        }
    }

    // Discovery and experience can disagree: both are said.
    private static void Endpoints(PrometheusText text, (string Labels, Cluster Cluster, EndpointView[] Endpoints)[] all)
    {
        const string name = "ambient_cluster_endpoints";
        text.Family(name, "gauge", "Endpoints by what discovery says and by whether they are asked.");
        foreach ((string labels, _, EndpointView[] endpoints) in all)
        {
            foreach (var group in endpoints.GroupBy(static e => (e.Ready, e.Taken)))
            {
                text.Sample(name, $"{labels},{PrometheusText.Labels(("ready", Word(group.Key.Ready)), ("taken", Word(group.Key.Taken)))}", group.Count());
            }
        }

        static string Word(bool yes) => yes.ToString(CultureInfo.InvariantCulture).ToLowerInvariant();
    }
}
