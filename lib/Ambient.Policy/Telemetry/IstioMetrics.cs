using System.Collections.Immutable;

namespace Ambient.Policy.Telemetry;

/// <summary>Names of the metrics that Telemetry resources can change, and Istio's words for them (telemetry.istio.io MetricSelector.IstioMetric).</summary>
public static class IstioMetrics
{
    public const string Requests = "istio_requests_total";
    public const string Duration = "istio_request_duration_milliseconds";
    public const string RequestBytes = "istio_request_bytes";
    public const string ResponseBytes = "istio_response_bytes";
    public const string RequestMessages = "istio_request_messages_total";
    public const string ResponseMessages = "istio_response_messages_total";

    /// <summary>Those of HTTP, which can be changed here.</summary>
    public static ImmutableArray<string> Http { get; } = [Requests, Duration, RequestBytes, ResponseBytes, RequestMessages, ResponseMessages];

    /// <summary>Words for metrics of connections, which node proxies count and nobody changes.</summary>
    public static ImmutableArray<string> ConnectionWords { get; } = ["TCP_OPENED_CONNECTIONS", "TCP_CLOSED_CONNECTIONS", "TCP_SENT_BYTES", "TCP_RECEIVED_BYTES"];

    /// <summary>The metric that a word or a name means; null for one that there is not.</summary>
    public static string? NameOf(string word) => word switch
    {
        "REQUEST_COUNT" or "requests_total" => Requests,
        "REQUEST_DURATION" or "request_duration_milliseconds" => Duration,
        "REQUEST_SIZE" or "request_bytes" => RequestBytes,
        "RESPONSE_SIZE" or "response_bytes" => ResponseBytes,
        "GRPC_REQUEST_MESSAGES" or "request_messages_total" => RequestMessages,
        "GRPC_RESPONSE_MESSAGES" or "response_messages_total" => ResponseMessages,
        _ => Http.Contains(word) ? word : null,
    };
}
