using Ambient.Hbone.Transport;
using Ambient.Identity.Svids;
using Ambient.Proxy.Mesh;
using Ambient.Routing.Destinations;
using Ambient.Ztunnel.Capture;
using Ambient.Ztunnel.Telemetry;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Hosting;

/// <summary>What all pods of the node share.</summary>
internal sealed record NodeContext
{
    public required ZtunnelConfig Config { get; init; }

    public required NodeMarks Marks { get; init; }

    public required MeshView Mesh { get; init; }

    public required ISvidSource Svids { get; init; }

    public required MeshMetrics Metrics { get; init; }

    public required AccessLog AccessLog { get; init; }

    /// <summary>Makes connections of all sockets of the data path.</summary>
    public required IMeshTransport Transport { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILoggerFactory Loggers { get; init; }

    public EndpointPicker Picker { get; init; } = new(Random.Shared);
}
