using System.Text.Json;
using Ambient.Core.Services;
using Ambient.Waypoint.Hosting;
using Ambient.Waypoint.Mesh;
using Ambient.Waypoint.Upstreams.Clusters;

namespace Ambient.Waypoint.Admin;

/// <summary>Clusters with what requests made of them, and their endpoints with what is believed of each and why.</summary>
internal static class ClusterDump
{
    internal static void Write(Utf8JsonWriter json, ClusterSet clusters, WaypointState state, WaypointConfig config)
    {
        Cluster[] used = [.. clusters.All.OrderBy(static c => c.Key.ToString(), StringComparer.Ordinal)];
        HashSet<string> services = [.. used.Select(static c => c.Key.Service)];
        json.WriteStartArray("clusters");
        foreach (Cluster cluster in used)
        {
            Write(json, cluster);
        }

        foreach (MeshService service in state.Snapshot.Services.Where(s => !services.Contains(s.Key) && IsServed(s, config)))
        {
            Unused(json, service, state.Snapshot.EndpointsOf(service.Key).Length);
        }

        json.WriteEndArray();
        json.WriteStartArray("endpoints");
        foreach (EndpointView endpoint in EndpointViews.Of(clusters))
        {
            Write(json, endpoint);
        }

        json.WriteEndArray();
    }

    // Of a gateway's Service: the one that the operator makes for it has the Gateway's name.
    private static bool IsServed(MeshService service, WaypointConfig config) => service.Waypoint?.Hostname is { } host
        && host.Namespace == config.Gateway.Namespace && host.Name.StartsWith(config.Gateway.Name + ".", StringComparison.Ordinal);

    private static void Write(Utf8JsonWriter json, Cluster cluster)
    {
        ClusterState state = cluster.State;
        EndpointView[] endpoints = [.. EndpointViews.Of(cluster).Where(static e => e.Member)];
        json.WriteStartObject();
        json.WriteString("name", ClusterName.Of(cluster.Key));
        json.WriteString("service", cluster.Key.Service);
        json.WriteNumber("port", cluster.Key.Port);
        json.WriteString("subset", cluster.Key.Subset);
        json.WriteBoolean("used", true);
        json.WriteString("balancer", state.Policy.LoadBalancer.Kind.ToString());
        json.WriteString("policy", state.BackendPolicy?.Key);
        json.WriteString("missing", state.Missing);
        json.WriteNumber("endpoints", endpoints.Length);
        json.WriteNumber("taken", endpoints.Count(static e => e.Taken));
        json.WriteNumber("ejected", state.Outliers?.Ejected ?? 0);
        json.WriteNumber("ejections", state.Outliers?.Ejections ?? 0);
        json.WriteNumber("active", cluster.Gate.Active);
        json.WriteNumber("waiting", cluster.Gate.Waiting);
        json.WriteNumber("retries", cluster.Gate.Retries);
        json.WriteNumber("overflows", cluster.Gate.Overflows);
        json.WriteEndObject();
    }

    private static void Unused(Utf8JsonWriter json, MeshService service, int endpoints)
    {
        foreach (ServicePort port in service.Ports)
        {
            var key = new ClusterKey(service.Key, port.Port, null);
            json.WriteStartObject();
            json.WriteString("name", ClusterName.Of(key));
            json.WriteString("service", key.Service);
            json.WriteNumber("port", key.Port);
            json.WriteBoolean("used", false);
            json.WriteNumber("endpoints", endpoints);
            json.WriteEndObject();
        }
    }

    private static void Write(Utf8JsonWriter json, EndpointView e)
    {
        json.WriteStartObject();
        json.WriteString("cluster", e.Cluster);
        json.WriteString("workload", e.Workload);
        json.WriteString("address", e.Address?.ToString());
        json.WriteString("locality", e.Locality);
        json.WriteNumber("weight", e.Weight);
        json.WriteBoolean("ready", e.Ready);
        json.WriteString("checks", e.Checks);
        json.WriteString("experience", e.Experience);
        json.WriteBoolean("taken", e.Taken);
        json.WriteString("why", e.Why);
        json.WriteNumber("latencyMilliseconds", Math.Round(e.Latency.TotalMilliseconds, 3));
        json.WriteNumber("pending", e.Pending);
        json.WriteEndObject();
    }
}
