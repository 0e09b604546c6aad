using System.Net;
using Ambient.Core.Addresses;
using Ambient.Hbone.Connect;
using Ambient.Policy;
using Ambient.Routing.Gateways;
using Ambient.Waypoint.Hosting;
using Ambient.Waypoint.Mesh;

namespace Ambient.Waypoint.Listening.Gateways;

/// <summary>
/// Connections of the mesh to a gateway's own ports, as those to an egress gateway are: they come by HBONE, so it is known whose they are. They meet
/// the same listeners as those from outside.
/// </summary>
internal sealed class GatewayTunnels(WaypointContext context, GatewayConnections connections)
{
    /// <summary>False when it is not for a listener of this gateway.</summary>
    internal static bool IsForListener(WaypointState state, string authority, out IPEndPoint? asked)
    {
        asked = null;
        return state is { Gateway: { } ports, Self: { } self } && IPEndPoint.TryParse(authority, out asked)
            && ports.Find(asked.Port) is { Kind: not GatewayPortKind.Hbone } && self.Addresses.Contains(MappedAddresses.Unmap(asked).Address);
    }

    /// <summary>Why the tunnel's other end is not believed; null: it is.</summary>
    internal static string? WhyNot(WaypointState state, IncomingConnect connect, IPEndPoint remote) =>
        connect.Peer.VerifiedId is null ? "the peer showed no identity"
        : WaypointGate.Contradiction(state.Snapshot, state.Self?.Network ?? "", connect.Peer, remote);

    internal async Task ServeAsync(IncomingConnect connect, IPEndPoint remote, IPEndPoint asked)
    {
        HboneStream stream = await connect.AcceptAsync();
        await using (stream)
        {
            await using var client = new TunnelledClient(stream, connect.Peer, remote, asked, context.Time);
            await connections.ServeAsync(client, asked.Port);
        }
    }
}
