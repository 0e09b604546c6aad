using Ambient.Compile.Reports;
using Ambient.Core.Routes;
using Ambient.Core.Services;

namespace Ambient.Compile.Analysis;

/// <summary>Routes and backend policies of services that no waypoint stands before: nobody applies them.</summary>
internal static class WithoutWaypoint
{
    public static IEnumerable<Finding> Find(CompileResult compiled)
    {
        // Route kinds of the Gateway API say so in their status.
        var said = compiled.Findings.Where(static f => f.Code == FindingCodes.GatewayNotProgrammed).Select(static f => (f.Kind, f.Namespace, f.Name)).ToHashSet();
        // A waypoint's own Service is nobody's to route, though a wildcard speaks of it.
        var gateways = compiled.Services.Select(static s => s.Waypoint?.Hostname?.Name).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        var bare = compiled.Services.Where(s => s.Waypoint is null && s.WeightedWaypoints.IsEmpty && !gateways.Contains(s.Hostname)).ToLookup(static s => s.Hostname, StringComparer.OrdinalIgnoreCase);
        var routes = compiled.Tables.Where(static t => t.Scope == RouteScope.Mesh).SelectMany(t => bare[t.Host].Take(1).SelectMany(s => Origins(t).Select(o => (o, s))));
        var policies = compiled.BackendPolicies.SelectMany(p => bare[p.Service[(p.Service.IndexOf('/', StringComparison.Ordinal) + 1)..]]
            .Where(s => s.Key == p.Service).SelectMany(s => p.Origins.Select(o => (o, s))));
        return routes.Concat(policies)
            .Select(static f => (f.o.Kind, f.o.Namespace, f.o.Name, f.s)).Distinct()
            .Where(f => !said.Contains((f.Kind, f.Namespace, f.Name)))
            .GroupBy(static f => (f.Kind, f.Namespace, f.Name))
            .Select(static g => new Finding(FindingCodes.RouteWithoutWaypoint, FindingLevel.Warning, g.Key.Kind, g.Key.Namespace, g.Key.Name, "",
                $"has no effect on {Names([.. g.Select(static f => f.s)])}, which no waypoint stands before; bind one with the label ambient.dev/use-waypoint, or by ambientctl waypoint apply -n {g.First().s.Namespace} --enrol-namespace"));
    }

    private static IEnumerable<RouteOrigin> Origins(RouteTable table) => table.Http.Select(static r => r.Origin)
        .Concat(table.Tls.Select(static r => r.Origin)).Concat(table.Tcp.Select(static r => r.Origin)).Concat(table.Http.SelectMany(static r => r.RateLimits).Select(static l => l.Origin))
        .Where(static o => o.Kind is not ("Service" or "ServiceEntry"));

    private static string Names(MeshService[] services) =>
        string.Join(", ", services.Take(4).Select(static s => $"{s.Namespace}/{s.Name}")) + (services.Length > 4 ? $" and {services.Length - 4} more services" : "");
}
