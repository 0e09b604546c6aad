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
        Resolution.Direct direct => new UpstreamKey { Authority = direct.Address.ToString(), Address = direct.Address },
        _ => null,
    };

    /// <summary>To an endpoint of a service: by its ztunnel when it has one, else plain.</summary>
    /// <param name="endpoint">Has an address or a hostname.</param>
    /// <param name="service">The service that it was chosen for; its subject alternative names count too. Null: it was addressed itself.</param>
    /// <param name="port">By which the endpoint listens.</param>
    internal static UpstreamKey To(Workload endpoint, MeshService? service, int port)
    {
        if (endpoint.Addresses.IsEmpty)
        {
            return new UpstreamKey { Authority = $"{endpoint.Hostname}:{port}" };
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

    private static ImmutableArray<SpiffeId> Expected(Workload endpoint, MeshService? service) => ExpectedIdentities.Of(endpoint, service);
}
