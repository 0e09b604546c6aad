using System.Net;
using Ambient.Core.Identity;
using Ambient.Policy.Requests;
using Ambient.Waypoint.Hosting;
using Ambient.Waypoint.Mesh;
using Ambient.Waypoint.Requests.Authorizing;

namespace Ambient.Waypoint.Connections;

/// <summary>Whom a gateway lets in to what carries no HTTP, by the policies that are about the gateway; as for requests.</summary>
internal sealed class GatewayAdmission(WaypointContext context)
{
    private volatile PolicySets? _policies;

    /// <summary>Null for who is let in.</summary>
    internal string? Refusal(WaypointState state, PeerIdentity caller, IPAddress source, int port, string? serverName)
    {
        PolicySets sets = PolicySets.Of(state.Snapshot, context.Config.Gateway, _policies);
        _policies = sets;
        return ConnectionRouter.Refusal(state.Self is { } self ? sets.ForGateway(self) : sets.ForGateway(context.Config.Gateway.Namespace), new AuthorizationRequest
        {
            Peer = caller,
            SourceAddress = source,
            Destination = new IPEndPoint(state.Self?.Addresses is [var own, ..] ? own : IPAddress.Any, port),
            Method = "",
            Authority = "",
            Path = null,
            IsStream = true,
            ServerName = serverName,
        });
    }
}
