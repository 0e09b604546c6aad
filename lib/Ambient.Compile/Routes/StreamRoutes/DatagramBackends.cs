using System.Collections.Immutable;
using Ambient.Compile.Gateways;
using Ambient.Compile.Index;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.StreamRoutes;

/// <summary>
/// UDPRoutes → rules of a UDP listener. The mesh's services know their TCP ports alone, so the target's port is the one at the pods: gateways send
/// datagrams there, past tunnels and waypoints.
/// </summary>
internal sealed class DatagramBackends(MeshIndex index, HashSet<ObjectKey> dependencies)
{
    /// <param name="routes">The oldest first: its first rule has all datagrams.</param>
    public ImmutableArray<TcpRule> Rules(IEnumerable<StreamRouteSource> routes) =>
        [.. routes.SelectMany(r => r.Rules.Select(rule => new TcpRule { Origin = rule.Origin, Backends = [.. rule.Destinations.Select(d => Backend(d, r.Meta))] }))];

    private WeightedBackend Backend(WrittenDestination destination, SourceMeta route)
    {
        dependencies.Add(RouteUnits.OfHost(destination.Host));
        var backend = destination.Backend!;
        if (backend.Namespace != route.Namespace)
        {
            dependencies.Add(new ObjectKey(KnownKinds.Namespace, "", backend.Namespace));
        }

        string? problem = BackendCheck.Problem(index, route, backend, grants: true)?.Message;
        var port = problem is null ? index.Services.Find(backend.Key!.Value)!.Ports.First(p => p.Port == backend.Port && p.Protocol == "UDP") : null;
        return new WeightedBackend
        {
            Target = new BackendTarget($"{backend.Namespace}/{destination.Host}", backend.Namespace, backend.Name, port is null ? backend.Port : port.TargetNumber > 0 ? port.TargetNumber : port.Port),
            Weight = destination.Weight,
            Invalid = problem is null ? null : new RouteAction.Fail(RouteBackends.Missing, problem),
        };
    }
}
