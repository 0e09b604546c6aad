namespace Ambient.Core.Routes;

/// <summary>When a request may be sent again; the words are Envoy's <c>x-envoy-retry-on</c> and <c>x-envoy-retry-grpc-on</c>.</summary>
[Flags]
public enum RetryOn
{
    None = 0,

    /// <summary>5xx: any 5xx of the backend, and no answer at all.</summary>
    ServerError = 1 << 0,

    /// <summary>gateway-error: 502, 503, 504.</summary>
    GatewayError = 1 << 1,

    /// <summary>reset: no answer at all (disconnect, reset, time-out of one attempt).</summary>
    Reset = 1 << 2,

    /// <summary>reset-before-request: the same, before anything was sent.</summary>
    ResetBeforeRequest = 1 << 3,

    ConnectFailure = 1 << 4,

    /// <summary>refused-stream: the backend says that it did not begin.</summary>
    RefusedStream = 1 << 5,

    /// <summary>retriable-4xx: 409.</summary>
    Retriable4xx = 1 << 6,

    /// <summary>retriable-status-codes: <see cref="RetryPolicy.Codes"/>.</summary>
    StatusCodes = 1 << 7,

    /// <summary>retriable-headers: <see cref="RetryPolicy.ResponseHeaders"/>.</summary>
    ResponseHeaders = 1 << 8,

    /// <summary>envoy-ratelimited: the answer has the header <c>x-envoy-ratelimited</c>.</summary>
    RateLimited = 1 << 9,

    /// <summary>http3-post-connect-failure: taken, without effect, since no upstream is HTTP/3.</summary>
    Http3PostConnectFailure = 1 << 10,

    GrpcCancelled = 1 << 11,
    GrpcDeadlineExceeded = 1 << 12,
    GrpcInternal = 1 << 13,
    GrpcResourceExhausted = 1 << 14,
    GrpcUnavailable = 1 << 15,
}
