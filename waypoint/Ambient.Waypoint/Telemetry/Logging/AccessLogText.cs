using System.Globalization;
using System.Text;
using Ambient.Waypoint.Requests;

namespace Ambient.Waypoint.Telemetry.Logging;

/// <summary>A line in Istio's default text format, then our own fields as <c>name=value</c>.</summary>
internal static class AccessLogText
{
    internal static void Append(StringBuilder text, RequestRecord r)
    {
        CultureInfo invariant = CultureInfo.InvariantCulture;
        text.Append('[').Append(r.StartTime.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", invariant)).Append("] \"")
            .Safe(r.Method).Append(' ').Safe(r.Path).Append(' ').Safe(r.Protocol).Append("\" ")
            .Append(invariant, $"{r.Status} {ResponseFlagsText.Of(r.Flags)} ")
            .Word(RecordText.CodeDetails(r)).Append(" - ").Quoted(RecordText.TransportFailure(r))
            .Append(invariant, $" {r.RequestBytes} {r.ResponseBytes} {(long)r.Duration.TotalMilliseconds} ");
        _ = r.UpstreamTime is { } time ? text.Append(invariant, $"{(long)time.TotalMilliseconds}") : text.Append('-');
        text.Append(' ').Quoted(r.ForwardedFor).Append(' ').Quoted(r.UserAgent).Append(' ').Quoted(r.RequestId).Append(' ').Quoted(r.Authority)
            .Append(' ').Quoted(r.UpstreamHost?.ToString()).Append(' ').Word(RecordText.Cluster(r))
            .Append(' ').Word(r.UpstreamLocal?.ToString()).Append(' ').Word(r.Local?.ToString()).Append(' ').Word(r.Source?.ToString())
            .Append(' ').Word(r.ServerName).Append(' ').Word(RecordText.Route(r));
        Ours(text, r);
    }

    private static void Ours(StringBuilder text, RequestRecord r)
    {
        if (r.Caller.VerifiedId is { } caller)
        {
            text.Append(" caller=").Append(caller.ToString());
        }

        if (r.Attempts > 1)
        {
            text.Append(CultureInfo.InvariantCulture, $" retries={r.Attempts - 1}");
        }

        if (RecordText.Policy(r) is { } policy)
        {
            text.Append(" policy=").Quoted(policy);
        }

        if (r.GrpcStatus is { } status)
        {
            text.Append(CultureInfo.InvariantCulture, $" grpc_status={status}");
        }

        if (r.Reason is { } reason)
        {
            text.Append(" reason=").Word(reason);
        }

        if (r.Detail is { } detail)
        {
            text.Append(" detail=").Quoted(detail);
        }

        if (r.Trace is { } trace)
        {
            text.Append(" trace_id=").Append(trace.TraceId);
        }
    }
}
