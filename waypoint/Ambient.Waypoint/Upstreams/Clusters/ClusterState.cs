using System.Collections.Frozen;
using System.Collections.Immutable;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Routing.Balancers;
using Ambient.Routing.Endpoints;
using Ambient.Routing.Resilience;

namespace Ambient.Waypoint.Upstreams.Clusters;

/// <summary>What a cluster is as of one snapshot. Immutable; endpoints live on from state to state.</summary>
internal sealed record ClusterState
{
    /// <summary>Null: there is no such service (or workload) any more.</summary>
    public MeshService? Service { get; init; }

    /// <summary>The endpoints that <see cref="Plan"/> was made of.</summary>
    public required ImmutableArray<Workload> Workloads { get; init; }

    public Workload? Self { get; init; }

    /// <summary>What it was looked up from.</summary>
    public BackendPolicy? BackendPolicy { get; init; }

    public required TrafficPolicy Policy { get; init; }

    public required EndpointPlan Plan { get; init; }

    public required FrozenDictionary<string, ClusterEndpoint> Endpoints { get; init; }

    public required ClusterLevels Levels { get; init; }

    public OutlierDetector? Outliers { get; init; }

    public required RetryBudget Budget { get; init; }

    public required RetryBudgetMeter BudgetMeter { get; init; }

    /// <summary>What the service's port is declared to speak.</summary>
    public AppProtocol Protocol { get; init; }

    /// <summary>
    /// The service is bound to a waypoint that this proxy is no part of: requests go through that one, whose policies they are to meet, and which
    /// chooses the endpoint.
    /// </summary>
    public bool BehindOther { get; init; }

    /// <summary>Set when nothing can be asked whatever endpoints there are: the route names a subset or service that there is not.</summary>
    public string? Missing { get; init; }

    /// <summary>Null: no endpoint may be asked now.</summary>
    public ClusterEndpoint? Choose(ulong? hash, IReadOnlyCollection<BalancedEndpoint>? tried) => (ClusterEndpoint?)Levels.Choose(hash, tried).Endpoint;
}
