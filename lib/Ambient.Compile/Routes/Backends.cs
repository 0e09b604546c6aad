using System.Collections.Immutable;
using Ambient.Compile.Index;
using Ambient.Compile.Routes.DestinationRules;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes;

/// <summary>
/// Written destinations → backends, for clients of one namespace that called one port. What leads nowhere keeps its share of the
/// requests and answers them: traffic is not given to others that nobody meant.
/// </summary>
internal sealed class Backends(MeshIndex index, string? client, int calledPort, HashSet<ObjectKey> dependencies)
{
    private readonly Dictionary<(string Host, string Namespace), (RouteTarget? Target, BackendPolicy? Policy)> _known = [];

    /// <summary>Status of a share that leads nowhere.</summary>
    public int Missing { get; set; } = 503;

    /// <summary>True once a destination followed the port that was called: then each port needs a table of its own.</summary>
    public bool FollowsPort { get; private set; }

    public RouteAction Forward(ImmutableArray<WrittenDestination> destinations, string @namespace) =>
        new RouteAction.Forward(Of(destinations, @namespace));

    public ImmutableArray<WeightedBackend> Of(ImmutableArray<WrittenDestination> destinations, string @namespace) => [.. destinations.Select(d => new WeightedBackend
    {
        Target = Resolve(d, @namespace, out string? problem),
        Weight = d.Weight,
        RequestHeaders = d.RequestHeaders,
        ResponseHeaders = d.ResponseHeaders,
        Invalid = problem is null ? null : new RouteAction.Fail(Missing, problem),
    })];

    /// <summary>Mirrors that lead nowhere are left out.</summary>
    public ImmutableArray<RouteMirror> Mirrors(ImmutableArray<WrittenMirror> mirrors, string @namespace) =>
    [
        .. mirrors.Select(m => (Target: Resolve(m.Destination, @namespace, out string? problem), problem, m.Percentage))
            .Where(static m => m.problem is null).Select(static m => new RouteMirror(m.Target, m.Percentage)),
    ];

    public BackendTarget Resolve(WrittenDestination d, string @namespace, out string? problem)
    {
        dependencies.Add(RouteUnits.OfHost(d.Host));
        var (found, policy) = Known(d.Host, @namespace);
        if (found is not { } target)
        {
            problem = $"there is no service {d.Host}";
            var (owner, name) = d.Backend is { IsHost: false } named ? (named.Namespace, named.Name) : RouteHosts.Parts(d.Host, index.Settings.ClusterDomain) ?? ("", d.Host);
            return new BackendTarget($"{owner}/{d.Host}", owner, name, d.Port, d.Subset);
        }

        int port = d.Port > 0 ? d.Port : !d.KeepsPort && target.Ports is [var only] ? only : calledPort;
        FollowsPort |= d.Port == 0 && (d.KeepsPort || target.Ports.Length > 1);
        problem = target.Ports.Contains(port) ? null : $"service {target.Key} has no port {port}";
        if (problem is null && d.Subset is { } subset && policy?.SubsetNamed(subset) is null)
        {
            problem = $"service {target.Key} has no subset {subset}: no DestinationRule defines it";
        }

        return new BackendTarget(target.Key, target.Namespace, target.Name, port, d.Subset);
    }

    /// <summary>There is a service of that name, whatever ports it has.</summary>
    public bool IsThere(WrittenDestination d, string @namespace) => Known(d.Host, @namespace).Target is not null;

    private (RouteTarget? Target, BackendPolicy? Policy) Known(string host, string @namespace)
    {
        if (!_known.TryGetValue((host, @namespace), out var known))
        {
            var target = RouteTargets.Find(index, host, @namespace);
            _known[(host, @namespace)] = known = (target, target is null ? null : BackendPolicies.For(index, target, client));
        }

        return known;
    }
}
