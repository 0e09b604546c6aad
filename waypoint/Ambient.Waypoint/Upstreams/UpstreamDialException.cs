namespace Ambient.Waypoint.Upstreams;

/// <summary>No connection to an endpoint; nothing of a request has been sent.</summary>
internal sealed class UpstreamDialException(UpstreamDialFailure failure, string message, Exception? inner = null) : IOException(message, inner)
{
    internal UpstreamDialFailure Failure { get; } = failure;
}

internal enum UpstreamDialFailure
{
    /// <summary>TCP was refused, reset or not answered; or the endpoint's ztunnel could not reach the application.</summary>
    Connect,

    /// <summary>Nobody answered in time.</summary>
    Timeout,

    /// <summary>The other side is not who it has to be, or TLS failed.</summary>
    Tls,

    /// <summary>The endpoint's ztunnel does not let this caller in (401).</summary>
    Denied,

    /// <summary>What the policy asks for cannot be done.</summary>
    Invalid,
}
