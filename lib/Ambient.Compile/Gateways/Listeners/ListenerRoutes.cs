using System.Collections.Immutable;
using Ambient.Compile.Index;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Gateways.Listeners;

/// <summary>Which routes a listener of a Gateway has, and for which hosts.</summary>
internal sealed class ListenerRoutes(MeshIndex index, GatewaySource gateway, GatewayRole role)
{
    private readonly Dictionary<ObjectKey, ImmutableArray<RouteSource>> _routes = [];

    /// <summary>Those that it takes, the oldest first.</summary>
    public IEnumerable<(RouteSource Route, ImmutableArray<string> Hosts)> Of(ListenerSource listener) =>
        At(listener.Owner).Where(r => new RouteAttachment(index, gateway, role, r).IsAttachedTo(listener) && Rival(index, gateway, role, r, listener) is null)
            .Select(r => (r, HostsOf(listener, r)));

    private ImmutableArray<RouteSource> At(ObjectKey owner) => _routes.TryGetValue(owner, out var known) ? known : _routes[owner] =
    [
        .. index.RoutesOf[owner].Select(index.Routes.Find).OfType<RouteSource>()
            .OrderBy(static r => r.Meta, Comparer<SourceMeta>.Create(SourceMeta.ByAge)),
    ];

    /// <summary>Only routes by name have hosts of their own.</summary>
    public static ImmutableArray<string> HostsOf(ListenerSource listener, RouteSource route) =>
        route.Meta.Key.Kind is KnownKinds.TcpRoute or KnownKinds.UdpRoute ? Hostnames.Common(listener.Hostname, []) : Hostnames.Common(listener.Hostname, route.Hostnames);

    /// <summary>The older route of the other of the two HTTP kinds that has the listener for one of the same hosts (GRPCRoute.spec.hostnames).</summary>
    public static RouteSource? Rival(MeshIndex index, GatewaySource gateway, GatewayRole role, RouteSource route, ListenerSource listener)
    {
        string other = route.Meta.Key.Kind switch
        {
            KnownKinds.HttpRoute => KnownKinds.GrpcRoute,
            KnownKinds.GrpcRoute => KnownKinds.HttpRoute,
            _ => "",
        };
        if (other.Length == 0)
        {
            return null;
        }

        var hosts = HostsOf(listener, route);
        return index.RoutesByKind[(listener.Owner, other)].Select(index.Routes.Find).OfType<RouteSource>()
            .Where(r => SourceMeta.ByAge(r.Meta, route.Meta) < 0 && new RouteAttachment(index, gateway, role, r).IsAttachedTo(listener)
                && HostsOf(listener, r).Any(a => hosts.Any(b => Hostnames.Narrower(a, b) is not null)))
            .OrderBy(static r => r.Meta, Comparer<SourceMeta>.Create(SourceMeta.ByAge)).FirstOrDefault();
    }
}
