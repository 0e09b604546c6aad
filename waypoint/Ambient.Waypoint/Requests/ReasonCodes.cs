namespace Ambient.Waypoint.Requests;

/// <summary>Values of the header <c>ambient-reason</c>: why the proxy answered instead of an endpoint. Stable; documented in docs/requests.md.</summary>
internal static class ReasonCodes
{
    public const string Header = "ambient-reason";

    /// <summary>400: method, target, authority or headers are not those of a proper request.</summary>
    public const string BadRequest = "bad-request";

    /// <summary>400: the path can be read in more than one way.</summary>
    public const string AmbiguousPath = "ambiguous-path";

    /// <summary>400: headers that two servers could read differently.</summary>
    public const string Smuggling = "smuggling";

    /// <summary>404: no rule takes the request.</summary>
    public const string NoRoute = "no-route";

    /// <summary>421: the host belongs to another listener than the connection's TLS.</summary>
    public const string Misdirected = "misdirected";

    /// <summary>As the route says: nothing to send it to.</summary>
    public const string RouteFails = "route-fails";

    /// <summary>503: the route names a service or subset that there is not.</summary>
    public const string NoSuchBackend = "no-such-backend";

    /// <summary>503: nobody to ask.</summary>
    public const string NoHealthyEndpoint = "no-healthy-endpoint";

    /// <summary>503: a limit of connections, requests or waiting requests.</summary>
    public const string Overflow = "overflow";

    /// <summary>503: the proxy does not know the mesh yet.</summary>
    public const string NotReady = "not-ready";

    /// <summary>401.</summary>
    public const string BadToken = "bad-token";

    /// <summary>403: a policy.</summary>
    public const string PolicyDenied = "policy-denied";

    /// <summary>What an authorization provider said.</summary>
    public const string ProviderDenied = "provider-denied";

    /// <summary>No authorization provider answered.</summary>
    public const string ProviderFailed = "provider-failed";

    /// <summary>429.</summary>
    public const string RateLimited = "rate-limited";

    /// <summary>As the route says.</summary>
    public const string FaultInjected = "fault-injected";

    /// <summary>504: the time for the request is over.</summary>
    public const string DeadlineExceeded = "deadline-exceeded";

    /// <summary>504: the time for an attempt was over, and there was no other.</summary>
    public const string AttemptTimeout = "attempt-timeout";

    /// <summary>503: no connection to an endpoint.</summary>
    public const string ConnectFailure = "connect-failure";

    /// <summary>503: the endpoint's own proxy does not let the caller in.</summary>
    public const string EndpointDenied = "endpoint-denied";

    /// <summary>503: the connection or stream broke before there was an answer.</summary>
    public const string UpstreamReset = "upstream-reset";

    /// <summary>502: what the endpoint sent is no proper answer.</summary>
    public const string UpstreamProtocol = "upstream-protocol";

    /// <summary>500: a fault of ours.</summary>
    public const string Internal = "internal";
}
