using System.Collections.Immutable;
using Ambient.Core.Mesh;

namespace Ambient.Core.Routes;

/// <summary>How a service's endpoints are chosen, connected to and judged: what DestinationRule, BackendTLSPolicy, BackendPolicy and annotations say.</summary>
public sealed record BackendPolicy : ProxyResource
{
    public override string Type => nameof(BackendPolicy);

    /// <summary>Key of the service (<see cref="Services.MeshService.Key"/>).</summary>
    public required string Service { get; init; }

    /// <summary>Only for proxies of this namespace; null: for all that have none of their own.</summary>
    public string? ClientNamespace { get; init; }

    /// <summary>The resources it was made of, in order of precedence.</summary>
    public ImmutableArray<RouteOrigin> Origins { get; init; } = [];

    public TrafficPolicy Default { get; init; } = TrafficPolicy.Default;

    /// <summary>Whole policies: they inherit nothing from <see cref="Default"/>.</summary>
    public ImmutableDictionary<int, TrafficPolicy> Ports { get; init; } = ImmutableDictionary<int, TrafficPolicy>.Empty;

    public ImmutableArray<Subset> Subsets { get; init; } = [];

    /// <summary>Resource name on the wire.</summary>
    public override string Key => ClientNamespace is null ? Service : $"{Service}@{ClientNamespace}";

    public Subset? SubsetNamed(string name)
    {
        foreach (Subset subset in Subsets)
        {
            if (string.Equals(subset.Name, name, StringComparison.Ordinal))
            {
                return subset;
            }
        }

        return null;
    }

    /// <summary>The policy of a subset's port, the subset, the port, or the service: the first that there is.</summary>
    public TrafficPolicy For(int port, string? subset)
    {
        Subset? named = subset is null ? null : SubsetNamed(subset);
        return named is not null && named.Ports.TryGetValue(port, out TrafficPolicy? ofSubsetPort) ? ofSubsetPort
            : named?.Policy is { } ofSubset ? ofSubset
            : Ports.TryGetValue(port, out TrafficPolicy? ofPort) ? ofPort
            : Default;
    }
}
