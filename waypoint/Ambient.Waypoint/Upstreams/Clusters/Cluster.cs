using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using Ambient.Core;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Routing.Endpoints;
using Ambient.Routing.Resilience;

namespace Ambient.Waypoint.Upstreams.Clusters;

/// <summary>
/// The endpoints of one <see cref="ClusterKey"/> with all that this process learned about them; kept over snapshots. A request sees one
/// <see cref="State"/>. Thread-safe.
/// </summary>
internal sealed class Cluster
{
    private readonly Lock _lock = new();
    private readonly ClusterPlace _place;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly ConcurrentDictionary<RetryBudget, RetryBudgetMeter> _meters = new();
    private volatile ClusterState? _state;
    private long _version = -1;

    public Cluster(ClusterKey key, ClusterPlace place, TimeProvider time, Random random)
    {
        Key = key;
        _place = place;
        _time = time;
        _random = random;
    }

    public ClusterKey Key { get; }

    public PoolGate Gate { get; } = new();

    /// <summary>It was told of a snapshot, so it has a <see cref="State"/>.</summary>
    public bool IsKnown => _state is not null;

    /// <summary>As of the last <see cref="Follow"/>.</summary>
    public ClusterState State => _state ?? throw new InvalidOperationException($"cluster {Key} was never told of a snapshot");

    /// <summary>Brings the cluster to a snapshot; one comparison when it is there already. An older snapshot than the last changes nothing.</summary>
    public ClusterState Follow(MeshSnapshot snapshot, Workload? self)
    {
        if (Volatile.Read(ref _version) >= snapshot.Version && _state is { } current)
        {
            return current;
        }

        lock (_lock)
        {
            if (_state is null || snapshot.Version > _version)
            {
                _state = Next(_state, snapshot, self);
                Volatile.Write(ref _version, snapshot.Version);
            }

            return _state;
        }
    }

    /// <summary>The meter of a budget that a route brings; the cluster's own unless it does.</summary>
    public RetryBudgetMeter MeterOf(ClusterState state, RetryBudget? ofRoute) =>
        ofRoute is null || state.Policy.RetryBudget is not null || ofRoute == state.Budget
            ? state.BudgetMeter
            : _meters.GetOrAdd(ofRoute, static (b, time) => new RetryBudgetMeter(b, time), _time);

    private ClusterState Next(ClusterState? before, MeshSnapshot snapshot, Workload? self)
    {
        (MeshService? service, ImmutableArray<Workload> workloads) = _place.Of(snapshot);
        BackendPolicy? backendPolicy = _place.PolicyOf(snapshot);
        if (before is not null && ReferenceEquals(before.Service, service) && before.Workloads == workloads
            && ReferenceEquals(before.BackendPolicy, backendPolicy) && ReferenceEquals(before.Self, self))
        {
            return before;
        }

        Subset? subset = Key.Subset is null ? null : backendPolicy?.SubsetNamed(Key.Subset);
        TrafficPolicy policy = backendPolicy?.For(Key.Port, Key.Subset) ?? TrafficPolicy.Default;
        string? missing = service is null ? $"there is no service {Key.Service}"
            : Key.Subset is not null && subset is null ? $"service {Key.Service} has no subset {Key.Subset}"
            : null;
        EndpointPlan plan = missing is null ? EndpointPlan.Of(service!, workloads, Key.Port, subset, policy, self) : EndpointPlan.Empty;
        FrozenDictionary<string, ClusterEndpoint> endpoints = Endpoints(before, plan);
        OutlierDetector? outliers = Outliers(before, policy, endpoints);
        RetryBudget budget = policy.RetryBudget ?? RetryBudget.Default;
        return new ClusterState
        {
            Service = service,
            Workloads = workloads,
            Self = self,
            BackendPolicy = backendPolicy,
            Policy = policy,
            Plan = plan,
            Endpoints = endpoints,
            Levels = new ClusterLevels(plan, e => endpoints[e.Workload.Uid], policy, outliers, _random),
            Outliers = outliers,
            Budget = budget,
            BudgetMeter = before is not null && before.Budget == budget ? before.BudgetMeter : new RetryBudgetMeter(budget, _time),
            Protocol = service is null ? AppProtocol.Unknown : ProtocolOf(service),
            BehindOther = service is not null && IsBehindOther(snapshot, service, self),
            Missing = missing,
        };
    }

    private FrozenDictionary<string, ClusterEndpoint> Endpoints(ClusterState? before, EndpointPlan plan)
    {
        Dictionary<string, ClusterEndpoint> endpoints = new(StringComparer.Ordinal);
        foreach (PlannedEndpoint planned in plan.Endpoints)
        {
            if (planned.Place < 0)
            {
                continue;
            }

            bool known = before is not null && before.Endpoints.TryGetValue(planned.Workload.Uid, out ClusterEndpoint? old)
                && old.Serves(planned.Workload, planned.TargetPort);
            ClusterEndpoint endpoint = known
                ? before!.Endpoints[planned.Workload.Uid]
                : new ClusterEndpoint(planned.Workload, planned.TargetPort, _time, isNew: before is not null);
            endpoint.Renew(planned.Workload, planned.Healthy);
            endpoints[planned.Workload.Uid] = endpoint;
        }

        return endpoints.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private OutlierDetector? Outliers(ClusterState? before, TrafficPolicy policy, FrozenDictionary<string, ClusterEndpoint> endpoints)
    {
        if (policy.OutlierDetection is not { } detection)
        {
            return null;
        }

        OutlierDetector detector = before?.Outliers is { } known && known.Policy == detection
            ? known
            : new OutlierDetector(detection, _time, _random);
        detector.SetEndpoints([.. endpoints.Keys]);
        return detector;
    }

    // Not known to be one's own is somebody else's.
    private static bool IsBehindOther(MeshSnapshot snapshot, MeshService service, Workload? self)
    {
        if (service.Waypoint is null && service.WeightedWaypoints.IsEmpty)
        {
            return false;
        }

        return self is null
            || !(Waypoints.IsEndpointOf(snapshot, service.Waypoint, self)
                || service.WeightedWaypoints.Any(w => Waypoints.IsEndpointOf(snapshot, w.Destination, self)));
    }

    private AppProtocol ProtocolOf(MeshService service)
    {
        foreach (ServicePort port in service.Ports)
        {
            if (port.Port == Key.Port)
            {
                return port.Protocol;
            }
        }

        return AppProtocol.Unknown;
    }
}
