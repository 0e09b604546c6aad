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
        var attached = Attached(index, target).Where(r => r.Ports.Contains(0) || r.Ports.Contains(port)).Select(static r => r.Route).ToList();
        var consumers = client is null || client == target.Namespace ? [] : attached.Where(r => r.Meta.Namespace == client).ToList();
        var set = consumers.Count > 0 ? consumers : attached.Where(r => r.Meta.Namespace == target.Namespace).ToList();
        return set.Exists(static r => r.Meta.Kind == "GRPCRoute") ? set.FindAll(static r => r.Meta.Kind == "GRPCRoute") : set;
    }

    /// <summary>Some are for single ports: then each port has a table of its own.</summary>
    public static bool ByPort(MeshIndex index, RouteTarget target) => Attached(index, target).Any(static r => r.Ports.Any(static p => p != 0));

    /// <summary>Namespaces of consumer routes.</summary>
    public static IEnumerable<string> Clients(MeshIndex index, RouteTarget target) =>
        Attached(index, target).Select(static r => r.Route.Meta.Namespace).Where(ns => ns != target.Namespace);

    public static ImmutableArray<HttpRule> Http(MeshIndex index, List<HttpRouteSource> routes, Backends backends, HashSet<ObjectKey> dependencies)
    {
        dependencies.UnionWith(routes.Select(static r => r.Meta.Key));
        var ordered = routes.SelectMany(static route => route.Rules.SelectMany((rule, at) => rule.Rule.Matches.Select(match => (Route: route, At: at, Match: match))))
            .OrderBy(static m => m.Match, MatchPrecedence.Instance)
            .ThenBy(static m => m.Route.Meta, Comparer<SourceMeta>.Create(SourceMeta.ByAge)).ThenBy(static m => m.At).ToList();
        var ordinals = new Dictionary<HttpMatch, int>(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < ordered.Count; i++)
        {
            ordinals[ordered[i].Match] = i;
        }

        return [.. routes.SelectMany(route => route.Rules.Select(rule => Complete(rule, route.Meta.Namespace, ordinals, backends)))];
    }

    private static HttpRule Complete(WrittenRouteRule rule, string ns, Dictionary<HttpMatch, int> ordinals, Backends backends) => rule.Rule with
    {
        Matches = [.. rule.Rule.Matches.Select(m => m with { Ordinal = ordinals[m] })],
        Action = rule.Destinations.IsEmpty
            ? rule.Rule.Action
            : new RouteAction.Forward([.. backends.Of(rule.Destinations, ns).Select((b, i) => b with { Rewrite = rule.Rewrites[i] })]),
        Mirrors = backends.Mirrors(rule.Mirrors, ns),
    };

    private static IEnumerable<(HttpRouteSource Route, HashSet<int> Ports)> Attached(MeshIndex index, RouteTarget target)
    {
        foreach (var key in index.RoutesOf[target.Object].Order())
        {
            if (index.Routing.HttpRoutes.Find(key) is { } route && index.Routes.Find(key) is { } source)
            {
                HashSet<int> ports = [.. source.Parents.Where(p => source.KeyOf(p) == target.Object && (p.Port is null || target.Ports.Contains(p.Port.Value))).Select(static p => p.Port ?? 0)];
                if (ports.Count > 0)
                {
                    yield return (route, ports);
                }
            }
        }
    }
}
