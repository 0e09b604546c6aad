using Ambient.Core.Workloads;
using Ambient.Waypoint.Upstreams;

namespace Ambient.Waypoint.Connections;

/// <summary>Where a connection without HTTP goes; without <paramref name="Key"/> it is refused, for the reason given.</summary>
internal sealed record ConnectionRoute(UpstreamKey? Key, string Refusal)
{
    /// <summary>Null when it goes to another waypoint, or nowhere.</summary>
    internal Workload? Endpoint { get; init; }

    internal static ConnectionRoute Refuse(string reason) => new(null, reason);
}
