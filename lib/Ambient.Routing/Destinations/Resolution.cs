using System.Collections.Immutable;
using System.Net;
using Ambient.Core.Identity;
using Ambient.Core.Services;
using Ambient.Core.Workloads;

namespace Ambient.Routing.Destinations;

/// <summary>What is to be done with an outbound connection.</summary>
public abstract record Resolution
{
    private Resolution()
    {
    }

    /// <summary>An HBONE tunnel.</summary>
    /// <param name="Endpoint">The workload at the tunnel's other end: the chosen endpoint, or the waypoint's.</param>
    /// <param name="GatewayAddress">Where to connect: address and HBONE port.</param>
    /// <param name="Authority">Of the CONNECT: the endpoint's <c>ip:port</c>, or for a waypoint what the application asked for.</param>
    /// <param name="Expected">The peer must present one of these, never empty.</param>
    /// <param name="Service">The service that was addressed, null when a workload was.</param>
    /// <param name="ViaWaypoint">True when the other end is a waypoint.</param>
    public sealed record Tunnel(
        Workload? Endpoint,
        IPEndPoint GatewayAddress,
        string Authority,
        ImmutableArray<SpiffeId> Expected,
        MeshService? Service,
        bool ViaWaypoint) : Resolution;

    /// <summary>Plain TCP: to an endpoint outside the mesh, or to where the application wanted.</summary>
    /// <param name="Address">Where to connect.</param>
    /// <param name="Endpoint">The workload there, when known.</param>
    /// <param name="Service">The service that was addressed, when one was.</param>
    /// <param name="Reason">Why there is no tunnel, for people.</param>
    public sealed record Direct(IPEndPoint Address, Workload? Endpoint, MeshService? Service, string Reason) : Resolution;

    /// <summary>Plain TCP to an endpoint outside the mesh that is known by name.</summary>
    /// <param name="Hostname">To be resolved by whoever connects.</param>
    /// <param name="Port">Where the endpoint listens.</param>
    public sealed record Named(string Hostname, int Port, Workload Endpoint, MeshService Service) : Resolution;

    /// <summary>The connection is closed: never a fallback to plaintext or around a waypoint.</summary>
    /// <param name="Code">One of <see cref="RefusalCodes"/>, for metrics.</param>
    /// <param name="Reason">One line for people.</param>
    /// <param name="Service">The service that was addressed, when one was.</param>
    public sealed record Refused(string Code, string Reason, MeshService? Service) : Resolution;
}
