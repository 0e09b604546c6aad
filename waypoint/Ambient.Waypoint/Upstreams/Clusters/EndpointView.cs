using System.Net;

namespace Ambient.Waypoint.Upstreams.Clusters;

/// <summary>One endpoint as this proxy sees it, for people: what discovery says, what experience says, what is believed and why.</summary>
internal sealed record EndpointView
{
    public required string Cluster { get; init; }

    public required string Workload { get; init; }

    public IPEndPoint? Address { get; init; }

    /// <summary><c>region/zone/subzone</c>, empty where not known.</summary>
    public required string Locality { get; init; }

    public required uint Weight { get; init; }

    /// <summary>By discovery.</summary>
    public required bool Ready { get; init; }

    /// <summary>What active checks say, in words; empty where there are none.</summary>
    public required string Checks { get; init; }

    /// <summary>What requests have shown: <c>ok</c>, or for how long it is left out.</summary>
    public required string Experience { get; init; }

    /// <summary>False: of the service, but not of this cluster, as another subset's or one that does not serve the port.</summary>
    public required bool Member { get; init; }

    /// <summary>Whether it is asked.</summary>
    public required bool Taken { get; init; }

    /// <summary>Why (not).</summary>
    public required string Why { get; init; }

    /// <summary>Peak EWMA of the time to an answer's headers, decayed to now.</summary>
    public required TimeSpan Latency { get; init; }

    /// <summary>Requests under way.</summary>
    public required int Pending { get; init; }
}
