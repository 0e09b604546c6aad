using System.Collections.Immutable;
using Ambient.Compile.Index;
using Ambient.Compile.Routes;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Routes.OwnPolicies;
using Ambient.Compile.Routes.VirtualServices;
using Ambient.Compile.Sources;
using Ambient.Core;
using Ambient.Core.Gateways;
using Ambient.Core.Mesh;
using Ambient.Core.Routes;

namespace Ambient.Compile.Gateways.Istio;

/// <summary>
/// The VirtualServices that name an Istio Gateway, as tables: one for each server and host that is in both. They are there whether a gateway serves
/// them or not.
/// </summary>
internal sealed class IstioGatewayTables(MeshIndex index, IstioGatewaySource gateway, HashSet<ObjectKey> dependencies)
{
    private readonly ImmutableArray<VirtualServiceSource> _services =
    [
        .. index.Routing.AtGateways[gateway.FullName].Select(index.Routing.VirtualServices.Find).OfType<VirtualServiceSource>()
            .Where(v => Visibility.Includes(v.ExportTo, v.Meta.Namespace, gateway.Meta.Namespace))
            .OrderBy(static v => v.Meta, Comparer<SourceMeta>.Create(SourceMeta.ByAge)),
    ];

    public ImmutableArray<ProxyResource> All() => [.. gateway.Servers.SelectMany(Of).Where(static t => !t.Http.IsEmpty || !t.Tls.IsEmpty || !t.Tcp.IsEmpty)];

    private IEnumerable<RouteTable> Of(IstioServerSource server)
    {
        var byHost = _services.SelectMany(v => Hosts(server, v).Select(host => (Host: server.Protocol == ListenerProtocol.Tcp ? "*" : host, Service: v))).Distinct()
            .GroupBy(static s => s.Host, static s => s.Service, StringComparer.Ordinal).OrderBy(static g => g.Key, StringComparer.Ordinal);
        foreach (var host in byHost)
        {
            var services = host.ToList();
            dependencies.UnionWith(services.Select(static s => s.Meta.Key));
            var backends = new Backends(index, gateway.Meta.Namespace, server.Port, dependencies);
            bool bytes = server.Protocol is ListenerProtocol.Tcp or ListenerProtocol.TlsTerminate;
            yield return new RouteTable
            {
                Scope = RouteScope.Gateway,
                Gateway = new NamespacedName(gateway.Meta.Namespace, gateway.Meta.Name),
                Listener = server.Name,
                Port = server.Port,
                Host = host.Key,
                Http = server.IsHttp ? OwnPolicyTargets.Limited(index, HostVirtualServices.Http(index, services, gateway.FullName, backends, dependencies), gateway.Meta.Key) : [],
                Tls = server.Protocol == ListenerProtocol.TlsPassthrough ? HostVirtualServices.Tls(services, gateway.FullName, backends) : [],
                Tcp = bytes ? HostVirtualServices.Tcp(services, gateway.FullName, backends) : [],
            };
        }
    }

    /// <summary>Hosts that both have, the narrower of two.</summary>
    private static IEnumerable<string> Hosts(IstioServerSource server, VirtualServiceSource service) => server.Hosts
        .Where(h => h.Namespace == "*" || h.Namespace == service.Meta.Namespace)
        .SelectMany(h => service.Hosts.Select(host => Hostnames.Narrower(h.Host, host))).OfType<string>().Select(static h => h.Length == 0 ? "*" : h)
        .Distinct(StringComparer.Ordinal);
}
