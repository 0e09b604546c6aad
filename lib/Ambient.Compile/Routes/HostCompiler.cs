using System.Collections.Immutable;
using Ambient.Compile.Gateways.Origination;
using Ambient.Compile.Index;
using Ambient.Compile.Routes.DestinationRules;
using Ambient.Compile.Routes.HttpRoutes;
using Ambient.Compile.Routes.Linkerd;
using Ambient.Compile.Routes.OwnPolicies;
using Ambient.Compile.Routes.RateLimits;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Routes.ServiceProfiles;
using Ambient.Compile.Routes.StreamRoutes;
using Ambient.Compile.Routes.VirtualServices;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes;

/// <summary>
/// One host within the mesh → its route tables and backend policies: for everybody, and for each namespace whose clients see something else
/// (docs/route-precedence.md). A host that no service has gets none; a wildcard is one when a ServiceEntry has
/// just that.
/// </summary>
internal sealed class HostCompiler(MeshIndex index, string host)
{
    private readonly HashSet<ObjectKey> _dependencies = [RouteUnits.OfHost(host)];

    public UnitOutput Compile()
    {
        var output = UnitOutput.Nothing;
        if (RouteTargets.Find(index, host) is { } target)
        {
            var tables = ImmutableArray.CreateBuilder<RouteTable>();
            tables.AddRange(Tables(target, null));
            foreach (string client in Clients(target).Where(c => !Claims(target, c).SequenceEqual(Claims(target, null))))
            {
                tables.AddRange(Tables(target, client));
            }

            var policies = BackendTls.Over(index, target, BackendPolicies.Of(index, target), _dependencies);
            if (tables.Count > 0 || !policies.IsEmpty)
            {
                output = new UnitOutput { Resources = [.. tables, .. policies] };
            }
        }

        // Known as a unit only while something is said about the host; a Service without any costs nothing.
        index.Routing.Units.Set(RouteUnits.OfHost(host), ReferenceEquals(output, UnitOutput.Nothing) && !index.Routing.IsClaimed(host) ? [] : _dependencies);
        return output;
    }

    private IEnumerable<ObjectKey> Claims(RouteTarget target, string? client) =>
    [
        .. target.Ports.Prepend(0).SelectMany(p => HostHttpRoutes.Find(index, target, client, p)).Select(static r => r.Meta.Key),
        .. target.Ports.Prepend(0).SelectMany(p => HostStreamRoutes.Find(index, target, client, p)).Select(static r => r.Meta.Key),
        .. HostVirtualServices.Find(index, host, client, VirtualServiceSource.Mesh).Select(static v => v.Meta.Key),
    ];

    /// <summary>Namespaces that a rule is exported to by name, so that it is not there for others.</summary>
    private IEnumerable<string> Clients(RouteTarget target) => HostHttpRoutes.Clients(index, target).Concat(HostStreamRoutes.Clients(index, target)).Concat(index.Routing.Claimants(host, RouteKind.VirtualService)
        .SelectMany(c => c.Keys.Select(index.Routing.VirtualServices.Find).OfType<VirtualServiceSource>())
        .SelectMany(static v => Visibility.Named(v.ExportTo, v.Meta.Namespace))).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    private ImmutableArray<RouteTable> Tables(RouteTarget target, string? client)
    {
        var backends = new Backends(index, client, 0, _dependencies);
        bool byPort = HostHttpRoutes.ByPort(index, target) || HostStreamRoutes.ByPort(index, target);
        var table = Table(target, client, byPort && target.Ports is [var first, ..] ? first : 0, backends);
        bool any = target.Ports.Any(p => HostHttpRoutes.Find(index, target, client, p).Count > 0 || HostStreamRoutes.Find(index, target, client, p).Count > 0);
        return !any && IsEmpty(table) ? []
            : !backends.FollowsPort && !byPort ? [table]
            : [.. target.Ports.Select(port => Table(target, client, port, new Backends(index, client, port, _dependencies))).Where(static t => !IsEmpty(t))];
    }

    private static bool IsEmpty(RouteTable table) => table.Http.IsEmpty && table.Tls.IsEmpty && table.Tcp.IsEmpty;

    private RouteTable Table(RouteTarget target, string? client, int port, Backends backends)
    {
        var services = HostVirtualServices.Find(index, host, client, VirtualServiceSource.Mesh);
        var streams = HostHttpRoutes.Find(index, target, client, port).Count > 0 ? [] : HostStreamRoutes.Find(index, target, client, port);
        var routes = new RouteBackends(index, backends, _dependencies, grants: false);
        _dependencies.UnionWith(streams.Select(static r => r.Meta.Key));
        var tcp = HostStreamRoutes.Tcp(streams, routes);
        var http = tcp.IsEmpty ? Http(target, client, port, services, backends) : HostStreamRoutes.Http(tcp);
        return new RouteTable
        {
            Host = host,
            Port = port,
            ClientNamespace = client,
            Http = Limited(target, http, backends),
            Tls = streams.Count > 0 ? HostStreamRoutes.Tls(streams, routes, r => [.. index.Routes.Find(r.Meta.Key)?.Hostnames ?? []]) : HostVirtualServices.Tls(services, VirtualServiceSource.Mesh, backends),
            Tcp = streams.Count > 0 ? tcp : HostVirtualServices.Tcp(services, VirtualServiceSource.Mesh, backends),
        };
    }

    private ImmutableArray<HttpRule> Http(RouteTarget target, string? client, int port, List<VirtualServiceSource> services, Backends backends)
    {
        if (HostHttpRoutes.Find(index, target, client, port) is { Count: > 0 } routes)
        {
            backends.Missing = RouteBackends.Missing;
            var attached = HostHttpRoutes.Http(routes, new RouteBackends(index, backends, _dependencies, grants: false), _dependencies);
            return [.. attached.Select(r => LinkerdAnnotations.Apply(r, routes.Find(w => w.Meta.Name == r.Origin.Name && w.Meta.Namespace == r.Origin.Namespace)?.Meta, index.Services.Find(target.Object)?.Meta))];
        }

        var rules = HostVirtualServices.Http(index, services, VirtualServiceSource.Mesh, backends, _dependencies);
        return !rules.IsEmpty ? rules
            : services.Count > 0 ? [Default(target, backends)]
            : ProfileRules.Http(index, target, backends, _dependencies) is { IsEmpty: false } profiled ? profiled
            : index.Services.Find(target.Object) is { } service && LinkerdAnnotations.Any(service.Meta) ? [LinkerdAnnotations.Apply(Default(target, backends), null, service.Meta)]
            : [];
    }

    private ImmutableArray<HttpRule> Limited(RouteTarget target, ImmutableArray<HttpRule> rules, Backends backends)
    {
        var limits = ServiceLimits.Of(index, target);
        bool some = !limits.IsEmpty || !OwnPolicyTargets.LimitsAt(index, target.Object).IsEmpty;
        ImmutableArray<HttpRule> all = [.. (rules.IsEmpty && some ? [Default(target, backends)] : rules).Select(r => limits.IsEmpty ? r : r with { RateLimits = [.. r.RateLimits, .. limits] })];
        return OwnPolicyTargets.Limited(index, all, target.Object);
    }

    private static HttpRule Default(RouteTarget target, Backends backends) =>
        DefaultRule.Of(target, backends.Of([new WrittenDestination("", target.Hostname, null, 0)], target.Namespace));
}
