using System.Net;
using Ambient.Core.Gateways;
using Ambient.Core.Identity;
using Ambient.Core.Services;
using Ambient.Core.Workloads;

namespace Ambient.Waypoint.Requests;

/// <summary>What is known of the connection that a request came on: a feature of the Kestrel connection. Immutable.</summary>
internal sealed record RequestConnection
{
    /// <summary>Who is behind the request: the verified SVID of the peer, since a ztunnel speaks for its pod; nobody at a gateway without client certificates.</summary>
    public required PeerIdentity Caller { get; init; }

    /// <summary>The workload at the source address when its identity is the caller's; for its labels and namespace.</summary>
    public Workload? CallerWorkload { get; init; }

    /// <summary>The caller's address: for rules on addresses and for X-Forwarded-For.</summary>
    public required IPEndPoint Source { get; init; }

    /// <summary>Addressed by VIP or host name; null when a workload was addressed, and at gateways.</summary>
    public MeshService? Service { get; init; }

    /// <summary>Addressed by its own address.</summary>
    public Workload? Workload { get; init; }

    /// <summary>What the application connected to; null when it was a host name, and at gateways.</summary>
    public IPEndPoint? Destination { get; init; }

    /// <summary>Of the service, of the workload, or of the gateway's listener.</summary>
    public required int Port { get; init; }

    /// <summary>What that port is declared to speak.</summary>
    public AppProtocol Protocol { get; init; }

    /// <summary>Name of the gateway's listener, or of the first of its port where the host decides between them; empty at waypoints.</summary>
    public string Listener { get; init; } = "";

    /// <summary>TLS of a gateway's listener ended here.</summary>
    public bool IsTls { get; init; }

    /// <summary>SNI of that TLS.</summary>
    public string? ServerName { get; init; }

    /// <summary>The gateway's listener whose TLS that is, or whose bytes are passed on; null where the host decides between listeners.</summary>
    public GatewayListener? TlsListener { get; init; }

    /// <summary>The client's valid certificate as an element of X-Forwarded-Client-Cert; null at waypoints, and where there is none.</summary>
    public string? ClientCertificate { get; init; }
}
