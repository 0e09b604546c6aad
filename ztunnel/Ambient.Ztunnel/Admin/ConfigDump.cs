using System.Text;
using System.Text.Json;
using Ambient.Core;
using Ambient.Discovery.Codec;
using Ambient.Identity.Renewal;
using Ambient.Proxy.Admin;
using Ambient.Ztunnel.Connections;
using Ambient.Ztunnel.Enrolment;
using Ambient.Ztunnel.Hosting;
using Ambient.Ztunnel.Telemetry;

namespace Ambient.Ztunnel.Admin;

/// <summary>Everything that decides about connections right now, as one JSON object. Keys are in no certificate's secret part.</summary>
internal sealed class ConfigDump(NodeContext node, PodManager pods, SvidManager svids, Func<bool> connected)
{
    internal AdminReply Answer()
    {
        MeshSnapshot mesh = node.Mesh.Current;
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            MeshDump.Write(json, mesh);
            MeshDump.Write(json, "enrolments", mesh.Enrolments.Values.Select(EnrolmentCodec.ToProto));
            CertificateDump.Write(json, svids.Status);
            WorkloadState(json);
            Config(json);
            json.WriteString("version", NodeCounters.Version);
            json.WriteEndObject();
        }

        return new AdminReply(200, "application/json", Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
    }

    private void WorkloadState(Utf8JsonWriter json)
    {
        json.WriteStartObject("workloadState");
        foreach (PodKeeper keeper in pods.Keepers.OrderBy(k => k.Uid, StringComparer.Ordinal))
        {
            PodWish wish = keeper.Wish;
            json.WriteStartObject(keeper.Uid);
            json.WriteString("state", keeper.Capture is { } c ? (c.Capturing ? "Up" : "Draining") : keeper.Failure is null ? "Idle" : "Pending");
            json.WriteString("failure", keeper.Failure);
            json.WriteString("namespace", wish.Answer?.Namespace ?? wish.Record?.Namespace);
            json.WriteString("name", wish.Answer?.Name ?? wish.Record?.Name);
            json.WriteString("enrolled", wish.Answer is { } a ? (a.Enrolled ? "yes" : "no") : "unknown");
            json.WriteString("reason", wish.Answer?.Reason);
            json.WriteString("netns", wish.Record?.Netns);
            if (keeper.Capture?.Proxy.Pod is { } pod)
            {
                Connections(json, pod);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Connections(Utf8JsonWriter json, PodContext pod)
    {
        json.WriteNumber("handshakes", pod.Budget.Handshakes);
        json.WriteNumber("refusedForBudget", pod.Budget.Refused);
        json.WriteStartObject("connections");
        foreach (Direction direction in Enum.GetValues<Direction>())
        {
            json.WriteStartArray(direction == Direction.Inbound ? "inbound" : "outbound");
            foreach (TrackedConnection c in pod.Connections.Open.Where(c => c.Direction == direction))
            {
                json.WriteStartObject();
                json.WriteString("src", c.Source.ToString());
                json.WriteString("originalDst", c.Destination?.ToString());
                json.WriteString("hboneDst", c.HboneAddress?.ToString());
                json.WriteString("peer", c.PeerId?.ToString());
                json.WriteString("peerWorkload", c.Remote?.Uid);
                json.WriteString("service", c.Service?.Hostname);
                json.WriteString("protocol", c.PeerId is null ? "TCP" : "HBONE");
                json.WriteString("tls", c.Tls);
                json.WriteString("policy", c.Policy is { Origin: { } origin } ? $"{origin.Namespace}/{origin.Name}" : c.Policy?.PolicyKey);
                json.WriteNumber("bytesFromApp", c.Counters.FromApp);
                json.WriteNumber("bytesToApp", c.Counters.ToApp);
                json.WriteNumber("seconds", Math.Round(pod.Node.Time.GetElapsedTime(c.Opened).TotalSeconds, 3));
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteStartArray("tunnels");
        foreach (Hbone.Pool.PoolStatus tunnel in pod.Pool.Status)
        {
            json.WriteStartObject();
            json.WriteString("destination", tunnel.Key.Destination.ToString());
            json.WriteString("expected", string.Join(",", tunnel.Key.Expected));
            json.WriteNumber("connections", tunnel.Connections);
            json.WriteNumber("streams", tunnel.Streams);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void Config(Utf8JsonWriter json)
    {
        ZtunnelConfig c = node.Config;
        json.WriteStartObject("config");
        json.WriteString("node", c.NodeName);
        json.WriteString("source", c.LocalConfig ?? c.XdsAddress.ToString());
        json.WriteBoolean("connected", connected());
        json.WriteBoolean("synced", node.Mesh.IsReady);
        json.WriteBoolean("live", node.Mesh.IsLive);
        json.WriteNumber("meshVersion", node.Mesh.Current.Version);
        json.WriteString("stateDirectory", c.StateDirectory);
        json.WriteString("cniSocket", c.CniSocket);
        json.WriteString("originalSource", c.OriginalSource.ToString());
        json.WriteNumber("maxConnectionsPerPod", c.MaxConnectionsPerPod);
        json.WriteNumber("maxHandshakesPerPod", c.MaxHandshakesPerPod);
        json.WriteNumber("drainSeconds", c.DrainTime.TotalSeconds);
        json.WriteEndObject();
    }
}
