using System.Collections.Immutable;
using Ambient.Core.Routes;
using Ambient.Routing.Resilience;

namespace Ambient.Routing.Balancers;

/// <summary>
/// Chooses among the endpoints of one service (subset): a <see cref="LoadBalancer"/>'s way of choosing, among those that are healthy, not
/// ejected and not tried yet. The set is fixed; a changed one gets a new balancer with the same endpoint objects. Thread-safe when the random
/// source is.
/// </summary>
public sealed class EndpointBalancer
{
    private readonly ImmutableArray<BalancedEndpoint> _endpoints;
    private readonly IChooser _chooser;
    private readonly OutlierDetector? _outliers;
    private readonly double _panicThreshold;

    /// <param name="outliers">Knows the endpoints by <see cref="BalancedEndpoint.Id"/>; null: nothing is ejected.</param>
    /// <param name="panicThreshold">0 to 100; 0: never.</param>
    public EndpointBalancer(
        LoadBalancer policy, IEnumerable<BalancedEndpoint> endpoints, Random random, OutlierDetector? outliers = null, double panicThreshold = 0)
    {
        ArgumentNullException.ThrowIfNull(policy);
        _endpoints = [.. endpoints.Where(e => e.Weight > 0)];
        _outliers = outliers;
        _panicThreshold = Math.Max(panicThreshold, outliers?.Policy.MinHealthPercent ?? 0);
        _chooser = policy.Kind switch
        {
            LoadBalancerKind.PeakEwma => new TwoChoices(_endpoints, policy.Warmup, random, static e => e.Latency.Current * (e.Pending + 1)),
            LoadBalancerKind.LeastRequest => new TwoChoices(_endpoints, policy.Warmup, random, static e => e.Pending),
            LoadBalancerKind.RoundRobin => new RoundRobin(_endpoints, policy.Warmup),
            LoadBalancerKind.Random or LoadBalancerKind.Passthrough => new RandomChoice(_endpoints, random),
            LoadBalancerKind.RingHash => new RingHash(_endpoints, policy.MinRingSize, random),
            LoadBalancerKind.Maglev => new Maglev(_endpoints, policy.TableSize, random),
            _ => throw new ArgumentOutOfRangeException(nameof(policy), $"unknown balancer {policy.Kind}"),
        };
    }

    /// <summary>
    /// Chooses one, and for an ejected one that is coming back takes its single request. Untried ones first; when all were tried, any.
    /// </summary>
    public Pick Choose(in PickRequest request)
    {
        bool panic = InPanic();
        BalancedEndpoint? found = _chooser.Choose(request.Hash, new Fitness(this, panic, request.Tried));
        if (found is null && request.Tried is { Count: > 0 } && !request.OnlyUntried)
        {
            found = _chooser.Choose(request.Hash, new Fitness(this, panic));
        }

        // Between looking and taking somebody else may have taken the one request of a returning endpoint: then another one is looked for.
        for (int i = 0; found is not null && !panic && _outliers is not null && !_outliers.TryTake(found.Id); i++)
        {
            found = i > _endpoints.Length
                ? null
                : _chooser.Choose(request.Hash, new Fitness(this, panic: false, request.OnlyUntried ? request.Tried : null));
        }

        return new Pick(found, panic && found is not null);
    }

    internal bool May(BalancedEndpoint endpoint, bool panic) => panic || (endpoint.Healthy && _outliers?.MayTake(endpoint.Id) != false);

    private bool InPanic()
    {
        if (_panicThreshold <= 0)
        {
            return false;
        }

        int healthy = 0;
        foreach (BalancedEndpoint endpoint in _endpoints)
        {
            healthy += endpoint.Healthy && _outliers?.MayTake(endpoint.Id) != false ? 1 : 0;
        }

        return healthy * 100.0 < _panicThreshold * _endpoints.Length;
    }
}
