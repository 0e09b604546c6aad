using System.Collections.Immutable;
using Ambient.Compile.Index;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.HttpRoutes;

/// <summary>The HTTPRoutes and GRPCRoutes that are attached to a service of the mesh, and their rules in the order in which they count (GEP-1294).</summary>
internal static class HostHttpRoutes
{
    /// <summary>Those of the client's namespace when there are any, else those of the service's; of GRPCRoutes and HTTPRoutes together the former.</summary>
    /// <param name="port">0: only those for every port.</param>
    public static List<HttpRouteSource> Find(MeshIndex index, RouteTarget target, string? client, int port)
    {
        var set = ServiceRoutes.Find(index, index.Routing.HttpRoutes, static r => r.Meta, target, client, port);
        return set.Exists(static r => r.Meta.Kind == "GRPCRoute") ? set.FindAll(static r => r.Meta.Kind == "GRPCRoute") : set;
    }

    /// <summary>Some are for single ports: then each port has a table of its own.</summary>
    public static bool ByPort(MeshIndex index, RouteTarget target) => ServiceRoutes.Attached(index, index.Routing.HttpRoutes, target).Any(static r => r.Ports.Any(static p => p != 0));

    /// <summary>Namespaces of consumer routes.</summary>
    public static IEnumerable<string> Clients(MeshIndex index, RouteTarget target) =>
        ServiceRoutes.Attached(index, index.Routing.HttpRoutes, target).Select(static r => r.Route.Meta.Namespace).Where(ns => ns != target.Namespace);

    /// <summary>All their rules as one list, with one order of all matches.</summary>
    public static ImmutableArray<HttpRule> Http(List<HttpRouteSource> routes, RouteBackends backends, HashSet<ObjectKey> dependencies)
    {
        dependencies.UnionWith(routes.Select(static r => r.Meta.Key));
        var ordered = routes.SelectMany(static route => route.Rules.SelectMany((rule, at) => rule.Rule.Matches.Select((match, i) => (Route: route, At: at, Match: match, Grpc: rule.Grpc.IsEmpty ? (GrpcLengths?)null : rule.Grpc[i]))))
            .OrderBy(static m => (m.Match, m.Grpc), MatchPrecedence.Instance)
            .ThenBy(static m => m.Route.Meta, Comparer<SourceMeta>.Create(SourceMeta.ByAge)).ThenBy(static m => m.At).ToList();
        var ordinals = new Dictionary<HttpMatch, int>(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < ordered.Count; i++)
        {
            ordinals[ordered[i].Match] = i;
        }

        return [.. routes.SelectMany(route => route.Rules.Select(rule => Complete(rule, route.Meta, ordinals, backends)))];
    }

    private static HttpRule Complete(WrittenRouteRule rule, SourceMeta route, Dictionary<HttpMatch, int> ordinals, RouteBackends backends) => rule.Rule with
    {
        Matches = [.. rule.Rule.Matches.Select(m => m with { Ordinal = ordinals[m] })],
        Action = rule.Destinations.IsEmpty
            ? rule.Rule.Action
            : new RouteAction.Forward([.. backends.Of(rule.Destinations, route).Select((b, i) => b with
            {
                Rewrite = rule.Rewrites[i],
                Invalid = rule.Unusable[i] is { } why ? new RouteAction.Fail(RouteBackends.Missing, why) : b.Invalid,
            })]),
        Mirrors = backends.Mirrors(rule.Mirrors, route),
    };
}
