using System.Collections.Immutable;
using Ambient.Compile.Gateways.Listeners;
using Ambient.Compile.Index;
using Ambient.Compile.Routes;
using Ambient.Compile.Routes.HttpRoutes;
using Ambient.Compile.Routes.OwnPolicies;
using Ambient.Compile.Routes.StreamRoutes;
using Ambient.Compile.Sources;
using Ambient.Core;
using Ambient.Core.Mesh;
using Ambient.Core.Routes;

namespace Ambient.Compile.Gateways;

/// <summary>
/// The routes that are attached to a Gateway, as tables: one for each listener and host. A host that no route has, has none: 404. TCP has no
/// host; its table is that of <c>*</c>.
/// </summary>
internal sealed class GatewayTables(MeshIndex index, GatewaySource gateway, GatewayRole role, HashSet<ObjectKey> dependencies)
{
    private readonly ListenerRoutes _routes = new(index, gateway, role);

    public ImmutableArray<ProxyResource> Of(IEnumerable<ListenerPlan> plans) => [.. plans.Where(static p => p.Accepted).SelectMany(Of)];

    private IEnumerable<RouteTable> Of(ListenerPlan plan)
    {
        var byHost = _routes.Of(plan.Listener).SelectMany(static r => r.Hosts.Select(host => (Host: host, r.Route)))
            .GroupBy(static r => r.Host, static r => r.Route, StringComparer.Ordinal).OrderBy(static g => g.Key, StringComparer.Ordinal);
        foreach (var host in byHost)
        {
            var backends = new RouteBackends(
                index, new Backends(index, gateway.Meta.Namespace, plan.Listener.Port, dependencies) { Missing = RouteBackends.Missing }, dependencies, grants: true);
            var http = host.Select(r => index.Routing.HttpRoutes.Find(r.Meta.Key)).OfType<HttpRouteSource>().ToList();
            var streams = host.Select(r => index.Routing.StreamRoutes.Find(r.Meta.Key)).OfType<StreamRouteSource>().ToList();
            var datagrams = host.Select(r => index.Routing.DatagramRoutes.Find(r.Meta.Key)).OfType<StreamRouteSource>().ToList();
            dependencies.UnionWith(datagrams.Concat(streams).Select(static r => r.Meta.Key));
            yield return new RouteTable
            {
                Scope = RouteScope.Gateway,
                Gateway = new NamespacedName(gateway.Meta.Namespace, gateway.Meta.Name),
                Listener = plan.Listener.FullName,
                Port = plan.Listener.Port,
                Host = plan.Listener.Protocol is "TCP" or "UDP" ? "*" : host.Key,
                Http = http.Count == 0 ? [] : OwnPolicyTargets.Limited(index, HostHttpRoutes.Http(http, backends, dependencies), gateway.Meta.Key),
                Tls = HostStreamRoutes.Tls(streams, backends, static _ => []),
                Tcp = plan.Listener.Protocol == "UDP" ? new DatagramBackends(index, dependencies).Rules(datagrams) : HostStreamRoutes.Tcp(streams, backends),
            };
        }
    }
}
