using System.Collections.Immutable;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Gateways;

/// <summary>Which routes which listeners take (Gateway API v1, Listener.protocol and allowedRoutes.kinds).</summary>
internal static class RouteKinds
{
    /// <summary>Of several kinds on one Service the first wins (GEP-1294).</summary>
    public static readonly ImmutableArray<string> ByPrecedence = [KnownKinds.GrpcRoute, KnownKinds.HttpRoute, KnownKinds.TlsRoute, KnownKinds.TcpRoute];

    /// <summary>Empty for a protocol that Gateways of this role do not have.</summary>
    public static ImmutableArray<string> OfProtocol(GatewayRole role, string protocol) => (role, protocol) switch
    {
        (GatewayRole.Waypoint, "HBONE") => ByPrecedence,
        (GatewayRole.Ingress, "HTTP" or "HTTPS") => [KnownKinds.GrpcRoute, KnownKinds.HttpRoute],
        (GatewayRole.Ingress or GatewayRole.EastWest, "TLS") => [KnownKinds.TlsRoute, KnownKinds.TcpRoute],
        (GatewayRole.Ingress, "TCP") => [KnownKinds.TcpRoute],
        (GatewayRole.EastWest, "HBONE") => [KnownKinds.TlsRoute],
        _ => [],
    };

    public static ImmutableArray<string> Of(GatewayRole role, ListenerSource listener)
    {
        var possible = OfProtocol(role, listener.Protocol);
        return listener.Kinds.IsEmpty ? possible : [.. listener.Kinds.Where(k => possible.Contains(k)).Distinct()];
    }

    /// <summary><c>HTTPRoute</c> of <c>gateway.networking.k8s.io/HTTPRoute</c>.</summary>
    public static string Short(string kind) => kind[(kind.LastIndexOf('/') + 1)..];
}
