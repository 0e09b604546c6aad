namespace Ambient.Routing.Destinations;

/// <summary>Why a destination was refused; stable names for metrics and logs.</summary>
public static class RefusalCodes
{
    /// <summary>The destination is a port of the proxy itself.</summary>
    public const string Loop = "loop";

    /// <summary>A waypoint is named but there is none, or none that is ready.</summary>
    public const string WaypointMissing = "waypoint_missing";

    /// <summary>The service exists but has no endpoint that is ready for this port.</summary>
    public const string NoHealthyEndpoint = "no_healthy_endpoint";

    /// <summary>The service exists but not this port.</summary>
    public const string NoSuchPort = "no_such_port";

    /// <summary>All endpoints are in networks that cannot be reached from here.</summary>
    public const string OtherNetwork = "other_network";

    /// <summary>A Sidecar does not show it to the caller, and nothing else is let out.</summary>
    public const string Hidden = "hidden";

    /// <summary>Nobody declared the destination and the mesh lets only declared ones out.</summary>
    public const string UnknownOutbound = "unknown_outbound";
}
