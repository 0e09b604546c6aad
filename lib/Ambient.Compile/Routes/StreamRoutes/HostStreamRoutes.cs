using System.Collections.Immutable;
using Ambient.Compile.Index;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.StreamRoutes;

/// <summary>The TLSRoutes and TCPRoutes that are attached to a service of the mesh; TLSRoutes come before TCPRoutes, and HTTP kinds before both.</summary>
internal static class HostStreamRoutes
{
    /// <summary>Of one kind, the oldest first.</summary>
    public static List<StreamRouteSource> Find(MeshIndex index, RouteTarget target, string? client, int port)
    {
        var all = ServiceRoutes.Find(index, index.Routing.StreamRoutes, static r => r.Meta, target, client, port);
        return [.. (all.Exists(IsTls) ? all.FindAll(IsTls) : all).OrderBy(static r => r.Meta, Comparer<SourceMeta>.Create(SourceMeta.ByAge))];
    }

    public static bool ByPort(MeshIndex index, RouteTarget target) =>
        ServiceRoutes.Attached(index, index.Routing.StreamRoutes, target).Any(static r => r.Ports.Any(static p => p != 0));

    public static IEnumerable<string> Clients(MeshIndex index, RouteTarget target) =>
        ServiceRoutes.Attached(index, index.Routing.StreamRoutes, target).Select(static r => r.Route.Meta.Namespace).Where(ns => ns != target.Namespace);

    public static bool IsTls(StreamRouteSource route) => route.Meta.Key.Kind == KnownKinds.TlsRoute;

    /// <param name="names">Server names that a TLSRoute is for.</param>
    public static ImmutableArray<TlsRule> Tls(IEnumerable<StreamRouteSource> routes, RouteBackends backends, Func<StreamRouteSource, ImmutableArray<string>> names) =>
    [
        .. routes.Where(IsTls).SelectMany(r => r.Rules.Select(rule => new TlsRule
        {
            Origin = rule.Origin,
            ServerNames = names(r),
            Backends = backends.OfStream(rule.Destinations, r.Meta),
        })),
    ];

    public static ImmutableArray<TcpRule> Tcp(IEnumerable<StreamRouteSource> routes, RouteBackends backends) =>
    [
        .. routes.Where(static r => !IsTls(r))
            .SelectMany(r => r.Rules.Select(rule => new TcpRule { Origin = rule.Origin, Backends = backends.OfStream(rule.Destinations, r.Meta) })),
    ];

    /// <summary>A TCPRoute has every connection, those that carry HTTP as well.</summary>
    public static ImmutableArray<HttpRule> Http(ImmutableArray<TcpRule> rules) =>
        rules is [var first, ..] ? [new HttpRule { Origin = first.Origin, Action = new RouteAction.Forward(first.Backends) }] : [];
}
