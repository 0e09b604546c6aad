using Ambient.Core.Identity;
using Ambient.Hbone.Transport;
using Ambient.Identity.Svids;
using Ambient.Waypoint.Mesh;
using Ambient.Waypoint.Telemetry;
using Microsoft.Extensions.Logging;

namespace Ambient.Waypoint.Hosting;

/// <summary>What all connections of the process share.</summary>
internal sealed record WaypointContext
{
    public required WaypointConfig Config { get; init; }

    public required WaypointMesh Mesh { get; init; }

    public required ISvidSource Svids { get; init; }

    /// <summary>Makes connections of all sockets of the data path.</summary>
    public required IMeshTransport Transport { get; init; }

    public required RequestTelemetry Telemetry { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILoggerFactory Loggers { get; init; }

    /// <summary>Who this process is.</summary>
    public SpiffeId Identity => Config.Identity(Mesh.Current.Snapshot.Settings.TrustDomain);
}
