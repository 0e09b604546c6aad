using System.Collections.Immutable;
using System.Net;
using Ambient.Core;
using Ambient.Core.Identity;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Policy.Inbound;

namespace Ambient.Policy;

/// <summary>
/// Whether a waypoint takes a tunnelled connection, in this order:
/// <list type="number">
/// <item>the authority can be parsed (400);</item>
/// <item>the source address is not one of a workload with another identity: a stolen key is of no use from elsewhere (401);</item>
/// <item>the authority means a service or workload that is bound to this waypoint (400): it is no open proxy;</item>
/// <item>the port is declared and not one of a proxy itself (503).</item>
/// </list>
/// Policy comes later, with the request.
/// </summary>
public static class WaypointGate
{
    private const int Ok = 200, BadRequest = 400, Unauthorized = 401, Unavailable = 503;

    /// <param name="gateway">The Gateway that the asked process serves; its service has the same name.</param>
    /// <param name="network">Of the asked process.</param>
    /// <param name="remote">The other end of the tunnel's TCP connection.</param>
    /// <param name="authority">As received.</param>
    public static WaypointDecision Decide(
        MeshSnapshot snapshot, NamespacedName gateway, string network, PeerIdentity peer, IPEndPoint remote, string authority)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(remote);
        if (!ConnectAuthority.TryParse(authority, out ConnectAuthority asked))
        {
            return No(BadRequest, "the CONNECT authority is neither ip:port nor hostname:port");
        }

        if (AddressIdentity.Contradiction(snapshot, network, peer, remote.Address) is { } contradiction)
        {
            return No(Unauthorized, contradiction);
        }

        return asked.Hostname is { } hostname
            ? ToHostname(snapshot, gateway, hostname, asked.Port)
            : ToAddress(snapshot, gateway, network, new IPEndPoint(asked.Address!, asked.Port));
    }

    /// <summary>Why the peer cannot be who its certificate says, since its address is another's; null: it can.</summary>
    /// <param name="network">Of the asked process.</param>
    public static string? Contradiction(MeshSnapshot snapshot, string network, PeerIdentity peer, IPEndPoint remote)
    {
        ArgumentNullException.ThrowIfNull(remote);
        return AddressIdentity.Contradiction(snapshot, network, peer, remote.Address);
    }

    /// <summary>Whether a gateway address, as services and workloads name their waypoint by it, means this Gateway.</summary>
    public static bool IsBound(MeshSnapshot snapshot, NamespacedName gateway, GatewayAddress? to) =>
        to is not null && Waypoints.ServiceOf(snapshot, to) is { } service
        && string.Equals(service.Namespace, gateway.Namespace, StringComparison.Ordinal)
        && string.Equals(service.Name, gateway.Name, StringComparison.Ordinal);

    /// <summary>Whether requests to a service go through this Gateway's waypoints, all or a share of them.</summary>
    public static bool IsBound(MeshSnapshot snapshot, NamespacedName gateway, MeshService service)
    {
        ArgumentNullException.ThrowIfNull(service);
        if (IsBound(snapshot, gateway, service.Waypoint))
        {
            return true;
        }

        foreach (WeightedWaypoint weighted in service.WeightedWaypoints)
        {
            if (IsBound(snapshot, gateway, weighted.Destination))
            {
                return true;
            }
        }

        return false;
    }

    private static WaypointDecision ToHostname(MeshSnapshot snapshot, NamespacedName gateway, string hostname, int port)
    {
        ImmutableArray<MeshService> named = snapshot.ServicesByHostname(hostname);
        foreach (MeshService service in named)
        {
            if (IsBound(snapshot, gateway, service))
            {
                return ToService(service, port, null);
            }
        }

        return No(BadRequest, $"{hostname} is not bound to waypoint {gateway}");
    }

    private static WaypointDecision ToAddress(MeshSnapshot snapshot, NamespacedName gateway, string network, IPEndPoint asked)
    {
        NetworkAddress address = new(network, asked.Address);
        if (snapshot.WorkloadByAddress(address) is { } workload && snapshot.ServiceBefore(address, gateway.Namespace) is null)
        {
            return !IsBound(snapshot, gateway, workload.Waypoint) ? No(BadRequest, $"{workload.Uid} is not bound to waypoint {gateway}")
                : ProxyPorts.IsIllegalDestination(asked.Port) ? No(Unavailable, $"port {asked.Port} belongs to the proxy itself")
                : new WaypointDecision(Ok, null, workload, asked, asked.Port, "");
        }

        // The waypoint's own namespace counts for what it may see: it stands for the services that are bound to it.
        return snapshot.ServiceByAddress(address, gateway.Namespace) is { } service && IsBound(snapshot, gateway, service)
            ? ToService(service, asked.Port, asked)
            : No(BadRequest, $"{asked} is not bound to waypoint {gateway}");
    }

    private static WaypointDecision ToService(MeshService service, int port, IPEndPoint? destination)
    {
        foreach (ServicePort declared in service.Ports)
        {
            if (declared.Port == port)
            {
                return new WaypointDecision(Ok, service, null, destination, port, "");
            }
        }

        return new WaypointDecision(Unavailable, service, null, destination, port, $"{service.Key} has no port {port}");
    }

    private static WaypointDecision No(int status, string reason) => new(status, null, null, null, 0, reason);
}
