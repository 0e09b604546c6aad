using System.Text;
using System.Text.Json;
using Ambient.Core;
using Ambient.Identity.Renewal;
using Ambient.Proxy.Admin;
using Ambient.Waypoint.Hosting;
using Ambient.Waypoint.Mesh;
using Ambient.Waypoint.Upstreams;
using Ambient.Waypoint.Upstreams.Clusters;

namespace Ambient.Waypoint.Admin;

/// <summary>Everything that decides about requests right now, as one JSON object. No secret is in it.</summary>
internal sealed class ConfigDump(WaypointContext context, SvidManager svids, ClusterSet clusters, UpstreamPools pools)
{
    internal AdminReply Answer()
    {
        WaypointState state = context.Mesh.Current;
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("proxy", "waypoint");
            MeshDump.Write(json, state.Snapshot);
            ResourceDump.Write(json, state.Snapshot);
            CertificateDump.Write(json, svids.Status);
            ClusterDump.Write(json, clusters, state, context.Config);
            Config(json, state.Snapshot);
            json.WriteString("version", MetricsPage.Version);
            json.WriteEndObject();
        }

        return new AdminReply(200, "application/json", Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
    }

    private void Config(Utf8JsonWriter json, MeshSnapshot mesh)
    {
        WaypointConfig c = context.Config;
        json.WriteStartObject("config");
        json.WriteString("gateway", c.Gateway.ToString());
        json.WriteString("pod", c.PodName);
        json.WriteString("node", c.NodeName);
        json.WriteString("identity", context.Identity.ToString());
        json.WriteString("source", c.LocalConfig ?? c.XdsAddress.ToString());
        json.WriteBoolean("synced", context.Mesh.IsReady);
        json.WriteNumber("meshVersion", mesh.Version);
        json.WriteNumber("upstreamPools", pools.Count);
        json.WriteNumber("maxConnections", c.MaxConnections);
        json.WriteNumber("drainSeconds", c.DrainTime.TotalSeconds);
        json.WriteEndObject();
    }
}
