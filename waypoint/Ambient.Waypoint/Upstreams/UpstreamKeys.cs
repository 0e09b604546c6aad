using System.Collections.Immutable;
using System.Net;
using Ambient.Core;
using Ambient.Core.Identity;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Routing.Destinations;

namespace Ambient.Waypoint.Upstreams;

/// <summary>The way to what was chosen, without caller, TLS and protocol, which whoever chose adds.</summary>
internal static class UpstreamKeys
{
    /// <summary>Null when refused.</summary>
    internal static UpstreamKey? Of(Resolution resolution) => resolution switch
    {
        Resolution.Tunnel tunnel => new UpstreamKey
        {
            Authority = tunnel.Authority,
            Tunnel = tunnel.GatewayAddress,
            Address = tunnel.ViaWaypoint || !IPEndPoint.TryParse(tunnel.Authority, out IPEndPoint? address) ? null : address,
            Expected = tunnel.Expected,
        },
        Resolution.Named named => new UpstreamKey { Authority = $"{named.Hostname}:{named.Port}" },
        Resolution.Direct direct => new UpstreamKey { Authority = direct.Address.ToString(), Address = direct.Address },
        _ => null,
    };

    /// <summary>To an endpoint of a service: by its ztunnel when it has one, else plain.</summary>
    /// <param name="endpoint">Has an address or a hostname.</param>
    /// <param name="service">The service that it was chosen for; its subject alternative names count too. Null: it was addressed itself.</param>
    /// <param name="port">By which the endpoint listens.</param>
    /// <param name="asked">Host of the request or server name of the connection, for an endpoint that stands for many (<c>*.example.com</c>).</param>
    internal static UpstreamKey To(Workload endpoint, MeshService? service, int port, string? asked = null)
    {
        if (endpoint.Addresses.IsEmpty)
        {
            return new UpstreamKey { Authority = $"{NameOf(endpoint.Hostname, asked)}:{port}" };
        }

        IPEndPoint address = new(endpoint.Addresses[0], port);
        return endpoint.TunnelProtocol != TunnelProtocol.Hbone
            ? new UpstreamKey { Authority = address.ToString(), Address = address }
            : new UpstreamKey
            {
                Authority = address.ToString(),
                Address = address,
                Tunnel = new IPEndPoint(address.Address, ProxyPorts.Hbone),
                Expected = Expected(endpoint, service),
            };
    }

    /// <summary>A wildcard that does not cover what was asked for stays one, and cannot be resolved.</summary>
    private static string NameOf(string hostname, string? asked) =>
        hostname.StartsWith("*.", StringComparison.Ordinal) && asked is not null && asked.Length > hostname.Length - 1
        && asked.EndsWith(hostname[1..], StringComparison.OrdinalIgnoreCase) && Uri.CheckHostName(asked) == UriHostNameType.Dns
            ? asked
            : hostname;

    private static ImmutableArray<SpiffeId> Expected(Workload endpoint, MeshService? service) => ExpectedIdentities.Of(endpoint, service);
}
