using Ambient.Core;
using Ambient.Core.Identity;
using Ambient.Policy.Tokens;
using Ambient.Waypoint.Authorization;
using Ambient.Waypoint.Mesh;
using Ambient.Waypoint.Requests.Forwarding;
using Ambient.Waypoint.Requests.Limiting.Sharing;
using Ambient.Waypoint.Telemetry;
using Ambient.Waypoint.Upstreams.Clusters;
using Microsoft.Extensions.Logging;

namespace Ambient.Waypoint.Requests;

/// <summary>What the pipeline is put together from.</summary>
internal sealed record PipelineParts
{
    /// <summary>The mesh as it is now.</summary>
    public required Func<WaypointState> State { get; init; }

    /// <summary>The Gateway resource that this process serves.</summary>
    public required NamespacedName Gateway { get; init; }

    /// <summary>Who this process is.</summary>
    public required Func<SpiffeId> Identity { get; init; }

    public required ClusterSet Clusters { get; init; }

    public required ForwardParts Forward { get; init; }

    public required ITokenCheck Tokens { get; init; }

    public required IAuthorizationProviders Providers { get; init; }

    public required SharedLimits SharedLimits { get; init; }

    public required RequestTelemetry Telemetry { get; init; }

    public required TimeProvider Time { get; init; }

    public required Random Random { get; init; }

    public required ILogger Log { get; init; }
}
