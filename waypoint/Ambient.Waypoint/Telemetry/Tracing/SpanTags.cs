using System.Diagnostics;
using Ambient.Core.Telemetry;
using Ambient.Core.Workloads;
using Ambient.Waypoint.Requests;

namespace Ambient.Waypoint.Telemetry.Tracing;

/// <summary>
/// What a request's span says: OpenTelemetry's words for HTTP, and the mesh's for who spoke with whom. No query: it can hold secrets.
/// </summary>
internal static class SpanTags
{
    private const int Longest = 1_024;

    internal static string NameOf(RequestRecord record) => $"{Method(record.Method)} {Short(record.Service?.Hostname ?? record.Authority)}";

    internal static void Set(Activity span, RequestRecord record)
    {
        span.SetTag("http.request.method", Method(record.Method));
        span.SetTag("url.path", Short(PathOnly(record.Path)));
        span.SetTag("url.scheme", record.Scheme);
        span.SetTag("server.address", Short(record.Authority));
        span.SetTag("network.protocol.version", record.Protocol[(record.Protocol.IndexOf('/', StringComparison.Ordinal) + 1)..]);
        span.SetTag("client.address", record.Source?.Address.ToString());
        span.SetTag("user_agent.original", Short(record.UserAgent));
        span.SetTag("http.request.body.size", record.RequestBytes);
        span.SetTag("http.response.body.size", record.ResponseBytes);
        if (record.Status > 0)
        {
            span.SetTag("http.response.status_code", record.Status);
        }

        if (record.GrpcStatus is { } grpc)
        {
            span.SetTag("rpc.grpc.status_code", grpc);
        }

        span.SetTag("request_id", Short(record.RequestId));
        span.SetTag("response_flags", ResponseFlagsText.Of(record.Flags));
        span.SetTag("upstream_cluster", RecordText.Cluster(record));
        Party(span, "source", record.CallerWorkload, record.Caller.VerifiedId?.ToString());
        Party(span, "destination", record.Endpoint, record.EndpointId?.ToString());
        span.SetTag("destination.service", record.Service?.Hostname);
        span.SetTag("ambient.route", RecordText.Route(record));
        span.SetTag("ambient.policy", RecordText.Policy(record));
        span.SetTag("ambient.reason", record.Reason);
        span.SetTag("ambient.retries", Math.Max(0, record.Attempts - 1));
        if (record.Status is 0 or >= 500)
        {
            span.SetStatus(ActivityStatusCode.Error, record.Reason);
        }
    }

    internal static void Custom(Activity span, RequestRecord record, IEnumerable<CustomTag> tags)
    {
        foreach (CustomTag tag in tags)
        {
            string? value = tag.Source switch
            {
                CustomTagSource.Literal => tag.Value,
                CustomTagSource.Header => record.Headers?.ValueOf(tag.Value),
                _ => Environment.GetEnvironmentVariable(tag.Value),
            };
            if ((value ?? tag.Default) is { Length: > 0 } text)
            {
                span.SetTag(tag.Name, Short(text));
            }
        }
    }

    private static void Party(Activity span, string side, Workload? workload, string? principal)
    {
        span.SetTag(side + ".principal", principal);
        if (workload is not null)
        {
            span.SetTag(side + ".workload", workload.WorkloadName.Length > 0 ? workload.WorkloadName : workload.Name);
            span.SetTag(side + ".namespace", workload.Namespace);
        }
    }

    // Unknown methods are one, so that names of spans are few.
    private static string Method(string method) =>
        method is "GET" or "POST" or "PUT" or "DELETE" or "HEAD" or "OPTIONS" or "PATCH" or "TRACE" or "CONNECT" ? method : "HTTP";

    private static string PathOnly(string path)
    {
        int query = path.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? path : path[..query];
    }

    private static string? Short(string? text) => text is { Length: > Longest } ? text[..Longest] : text;
}
