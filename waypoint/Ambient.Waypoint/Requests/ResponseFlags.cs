namespace Ambient.Waypoint.Requests;

/// <summary>
/// What was out of the ordinary with a request, by the letters that Envoy's <c>%RESPONSE_FLAGS%</c> has for it. Several can stand together.
/// <see cref="ResponseFlagsText"/> writes them.
/// </summary>
[Flags]
internal enum ResponseFlags : uint
{
    None = 0,

    /// <summary>UF: no connection to the endpoint.</summary>
    UpstreamConnectionFailure = 1 << 0,

    /// <summary>UH: no endpoint that is fit to be asked.</summary>
    NoHealthyUpstream = 1 << 1,

    /// <summary>UO: a limit of connections or of waiting requests.</summary>
    UpstreamOverflow = 1 << 2,

    /// <summary>URX: the last retry that was allowed has failed too.</summary>
    UpstreamRetryLimitExceeded = 1 << 3,

    /// <summary>NR: no route, or no rule of it takes the request.</summary>
    NoRoute = 1 << 4,

    /// <summary>DC: the caller went away.</summary>
    DownstreamConnectionTermination = 1 << 5,

    /// <summary>LR: we reset the stream.</summary>
    LocalReset = 1 << 6,

    /// <summary>RL: a rate limit.</summary>
    RateLimited = 1 << 7,

    /// <summary>FI: aborted by a fault that a route asks for.</summary>
    FaultInjected = 1 << 8,

    /// <summary>DI: delayed by a fault that a route asks for.</summary>
    DelayInjected = 1 << 9,

    /// <summary>UT: no answer within the time for the request or the attempt.</summary>
    UpstreamRequestTimeout = 1 << 10,

    /// <summary>UC: the connection to the endpoint broke after the request was sent.</summary>
    UpstreamConnectionTermination = 1 << 11,

    /// <summary>UR: the endpoint reset the stream.</summary>
    UpstreamRemoteReset = 1 << 12,

    /// <summary>UAEX: denied by an external authorizer, or by a policy.</summary>
    UnauthorizedExternalService = 1 << 13,

    /// <summary>DPE: what came from the caller is no proper request.</summary>
    DownstreamProtocolError = 1 << 14,

    /// <summary>UPE: what came from the endpoint is no proper answer.</summary>
    UpstreamProtocolError = 1 << 15,

    /// <summary>NC: the route leads to a service that there is not.</summary>
    NoClusterFound = 1 << 16,

    /// <summary>SI: nothing moved on the stream for too long.</summary>
    StreamIdleTimeout = 1 << 17,

    /// <summary>DT: the longest time that a request or connection may take is over.</summary>
    DurationTimeout = 1 << 18,

    /// <summary>OM: refused because of our own limits.</summary>
    OverloadManager = 1 << 19,
}
