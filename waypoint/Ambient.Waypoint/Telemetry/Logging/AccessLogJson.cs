using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Ambient.Waypoint.Requests;

namespace Ambient.Waypoint.Telemetry.Logging;

/// <summary>A line as a JSON object: the keys of Istio's default JSON format, then our own, which are left out when there is nothing to say.</summary>
internal static class AccessLogJson
{
    private const int Longest = 2_048;

    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.BasicLatin, UnicodeRanges.Latin1Supplement) };

    internal static string Of(RequestRecord r)
    {
        using var buffer = new MemoryStream(1024);
        using (var json = new Utf8JsonWriter(buffer, s_options))
        {
            json.WriteStartObject();
            Envoys(json, r);
            Ours(json, r);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private static void Envoys(Utf8JsonWriter json, RequestRecord r)
    {
        json.WriteString("start_time", r.StartTime.UtcDateTime);
        Text(json, "route_name", RecordText.Route(r));
        Text(json, "method", r.Method);
        Text(json, "path", r.Path);
        Text(json, "protocol", r.Protocol);
        json.WriteNumber("response_code", r.Status);
        json.WriteString("response_flags", ResponseFlagsText.Of(r.Flags));
        Text(json, "response_code_details", RecordText.CodeDetails(r));
        json.WriteNull("connection_termination_details");
        json.WriteNumber("bytes_received", r.RequestBytes);
        json.WriteNumber("bytes_sent", r.ResponseBytes);
        json.WriteNumber("duration", (long)r.Duration.TotalMilliseconds);
        if (r.UpstreamTime is { } time)
        {
            json.WriteNumber("upstream_service_time", (long)time.TotalMilliseconds);
        }
        else
        {
            json.WriteNull("upstream_service_time");
        }

        Text(json, "x_forwarded_for", r.ForwardedFor);
        Text(json, "user_agent", r.UserAgent);
        Text(json, "request_id", r.RequestId);
        Text(json, "authority", r.Authority);
        Text(json, "upstream_host", r.UpstreamHost?.ToString());
        Text(json, "upstream_cluster", RecordText.Cluster(r));
        Text(json, "upstream_local_address", r.UpstreamLocal?.ToString());
        Text(json, "downstream_local_address", r.Local?.ToString());
        Text(json, "downstream_remote_address", r.Source?.ToString());
        Text(json, "requested_server_name", r.ServerName);
        Text(json, "upstream_transport_failure_reason", RecordText.TransportFailure(r));
    }

    private static void Ours(Utf8JsonWriter json, RequestRecord r)
    {
        Known(json, "caller", r.Caller.VerifiedId?.ToString());
        Known(json, "source_workload", r.CallerWorkload is { } source ? $"{source.Namespace}/{source.Name}" : null);
        Known(json, "destination_workload", r.Endpoint is { } endpoint ? $"{endpoint.Namespace}/{endpoint.Name}" : null);
        json.WriteNumber("retries", Math.Max(0, r.Attempts - 1));
        Known(json, "policy", RecordText.Policy(r));
        if (r.GrpcStatus is { } status)
        {
            json.WriteNumber("grpc_status", status);
        }

        Known(json, "reason", r.Reason);
        Known(json, "detail", r.Detail);
        Known(json, "trace_id", r.Trace?.TraceId);
    }

    private static void Known(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            Text(json, name, value);
        }
    }

    private static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            json.WriteNull(name);
        }
        else
        {
            json.WriteString(name, value.AsSpan(0, Math.Min(value.Length, Longest)));
        }
    }
}
