using System.Collections.Immutable;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Gateways;

/// <summary>Which routes which listeners take (Gateway API v1, Listener.protocol and allowedRoutes.kinds).</summary>
internal static class RouteKinds
{
    /// <summary>Of several kinds on one Service the first wins (GEP-1294).</summary>
    public static readonly ImmutableArray<string> ByPrecedence = [KnownKinds.GrpcRoute, KnownKinds.HttpRoute, KnownKinds.TlsRoute, KnownKinds.TcpRoute];

    /// <summary>False for a protocol that Gateways of this role do not have.</summary>
    public static bool IsSupported(GatewayRole role, string protocol) => (role, protocol) is
        (GatewayRole.Waypoint or GatewayRole.EastWest, "HBONE")
        or (GatewayRole.Ingress, "HTTP" or "HTTPS" or "TCP" or "TLS" or "UDP")
        or (GatewayRole.EastWest, "TLS");

    /// <summary>A waypoint takes routes at the Services that it stands before, none itself.</summary>
    public static ImmutableArray<string> OfProtocol(GatewayRole role, ListenerSource listener) => (role, listener.Protocol, listener.Tls?.Mode) switch
    {
        (GatewayRole.Ingress, "HTTP" or "HTTPS", _) => [KnownKinds.HttpRoute, KnownKinds.GrpcRoute],
        (GatewayRole.Ingress or GatewayRole.EastWest, "TLS", "Passthrough") => [KnownKinds.TlsRoute],
        (GatewayRole.Ingress or GatewayRole.EastWest, "TLS", _) => [KnownKinds.TlsRoute, KnownKinds.TcpRoute],
        (GatewayRole.Ingress, "TCP", _) => [KnownKinds.TcpRoute],
        (GatewayRole.Ingress, "UDP", _) => [KnownKinds.UdpRoute],
        _ => [],
    };

    public static ImmutableArray<string> Of(GatewayRole role, ListenerSource listener)
    {
        var possible = OfProtocol(role, listener);
        return listener.Kinds.IsEmpty ? possible : [.. listener.Kinds.Where(k => possible.Contains(k)).Distinct()];
    }

    /// <summary><c>HTTPRoute</c> of <c>gateway.networking.k8s.io/HTTPRoute</c>.</summary>
    public static string Short(string kind) => kind[(kind.LastIndexOf('/') + 1)..];
}
