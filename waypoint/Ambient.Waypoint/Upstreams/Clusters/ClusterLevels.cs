using System.Collections.Immutable;
using Ambient.Core.Routes;
using Ambient.Routing.Balancers;
using Ambient.Routing.Endpoints;
using Ambient.Routing.Resilience;

namespace Ambient.Waypoint.Upstreams.Clusters;

/// <summary>
/// The groups of an <see cref="EndpointPlan"/> ready to choose from: the nearest with an endpoint that may be asked, or one drawn by share.
/// When none has one, health is ignored if a panic threshold says so. Immutable but for what endpoints learn; thread-safe.
/// </summary>
internal sealed class ClusterLevels
{
    private readonly ImmutableArray<EndpointBalancer> _levels;
    private readonly ImmutableArray<uint> _shares;
    private readonly EndpointBalancer? _all;
    private readonly Random _random;

    public ClusterLevels(
        EndpointPlan plan, Func<PlannedEndpoint, ClusterEndpoint> endpointOf, TrafficPolicy policy, OutlierDetector? outliers, Random random)
    {
        _random = random;
        bool many = plan.Groups.Length > 1;
        _levels = [.. plan.Groups.Select(g => new EndpointBalancer(
            policy.LoadBalancer, g.Endpoints.Select(endpointOf), random, outliers, many ? 0 : policy.PanicThreshold))];
        _shares = plan.ByShare ? [.. plan.Groups.Select(g => g.Share)] : [];
        _all = many
            ? new EndpointBalancer(
                policy.LoadBalancer, plan.Groups.SelectMany(g => g.Endpoints).Select(endpointOf), random, outliers, policy.PanicThreshold)
            : null;
    }

    public Pick Choose(ulong? hash, IReadOnlyCollection<BalancedEndpoint>? tried)
    {
        if (_levels.Length == 0)
        {
            return default;
        }

        if (_all is null)
        {
            return _levels[0].Choose(new PickRequest(hash, tried));
        }

        int first = _shares.IsEmpty ? 0 : Drawn();
        Pick pick = Around(first, new PickRequest(hash, tried, OnlyUntried: true));
        if (pick.Endpoint is null && tried is { Count: > 0 })
        {
            pick = Around(first, new PickRequest(hash, tried));
        }

        return pick.Endpoint is not null ? pick : _all.Choose(new PickRequest(hash, tried));
    }

    private Pick Around(int first, PickRequest request)
    {
        for (int i = 0; i < _levels.Length; i++)
        {
            Pick pick = _levels[(first + i) % _levels.Length].Choose(request);
            if (pick.Endpoint is not null)
            {
                return pick;
            }
        }

        return default;
    }

    private int Drawn()
    {
        long total = 0;
        foreach (uint share in _shares)
        {
            total += share;
        }

        long point = total == 0 ? 0 : _random.NextInt64(total);
        for (int i = 0; i < _shares.Length; i++)
        {
            point -= _shares[i];
            if (point < 0)
            {
                return i;
            }
        }

        return 0;
    }
}
