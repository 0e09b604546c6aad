using Ambient.Core.Workloads;
using Ambient.Routing.Endpoints;

namespace Ambient.Waypoint.Upstreams.Clusters;

/// <summary>
/// Every endpoint of every cluster that requests went to. Where discovery and experience disagree the more careful one is believed: an endpoint that
/// discovery calls not ready is not asked however well it answered, and one that it calls ready is left out while it is ejected.
/// </summary>
internal static class EndpointViews
{
    public static IEnumerable<EndpointView> Of(ClusterSet clusters) =>
        clusters.All.OrderBy(c => c.Key.ToString(), StringComparer.Ordinal).SelectMany(Of);

    public static IEnumerable<EndpointView> Of(Cluster cluster)
    {
        ClusterState state = cluster.State;
        foreach (PlannedEndpoint planned in state.Plan.Endpoints)
        {
            Workload workload = planned.Workload;
            ClusterEndpoint? endpoint = state.Endpoints.GetValueOrDefault(workload.Uid);
            string experience = endpoint is null || state.Outliers is not { } outliers ? "ok" : outliers.Describe(endpoint.Id);
            bool checks = state.Policy.HealthCheck is not null && endpoint is not null;
            string? against = endpoint is null ? planned.Why
                : !endpoint.HealthyByDiscovery ? "discovery says not ready"
                : checks && endpoint.Probe.Failed ? "active checks fail"
                : experience != "ok" ? experience
                : null;
            yield return new EndpointView
            {
                Cluster = cluster.Key.ToString(),
                Workload = $"{workload.Namespace}/{workload.Name}",
                Address = endpoint?.Address,
                Locality = $"{workload.Locality.Region}/{workload.Locality.Zone}/{workload.Locality.Subzone}".TrimEnd('/'),
                Weight = workload.Capacity,
                Ready = planned.Healthy,
                Checks = checks ? endpoint!.Probe.ToString() : "",
                Experience = experience,
                Member = endpoint is not null,
                Taken = against is null,
                Why = against ?? planned.Why,
                Latency = TimeSpan.FromTicks((long)(endpoint?.Latency.Current ?? 0)),
                Pending = endpoint?.Pending ?? 0,
            };
        }
    }
}
