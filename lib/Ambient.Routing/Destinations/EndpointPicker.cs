using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Routing.Endpoints;

namespace Ambient.Routing.Destinations;

/// <summary>
/// Chooses among endpoints that all may be chosen: two by weight, then the one with fewer open connections for its weight. Thread-safe
/// when the random source is (<see cref="Random.Shared"/> is).
/// </summary>
public sealed class EndpointPicker
{
    private readonly Random _random;
    private readonly IEndpointLoad? _load;

    /// <param name="random">Injected, so that tests and <c>explain</c> choose the same each time.</param>
    /// <param name="load">Null: by weight alone.</param>
    public EndpointPicker(Random random, IEndpointLoad? load = null)
    {
        _random = random;
        _load = load;
    }

    /// <summary>Never called with none.</summary>
    internal Candidate Pick(Candidates among)
    {
        if (among.Endpoints.Length == 1)
        {
            return among.Endpoints[0];
        }

        int first = among.At(Below(among.TotalWeight));
        if (_load is null)
        {
            return among.Endpoints[first];
        }

        int second = among.At(Below(among.TotalWeight));
        if (second == first)
        {
            // Two of the same are no choice: take the neighbour, which every endpoint is equally often to somebody.
            second = (first + 1) % among.Endpoints.Length;
        }

        return Lighter(_load, among.Endpoints[first], among.Endpoints[second]);
    }

    internal GatewayAddress PickWaypoint(System.Collections.Immutable.ImmutableArray<WeightedWaypoint> among)
    {
        ulong total = 0;
        foreach (WeightedWaypoint waypoint in among)
        {
            total += waypoint.Weight;
        }

        ulong point = total == 0 ? 0 : Below(total);
        foreach (WeightedWaypoint waypoint in among)
        {
            if (point < waypoint.Weight)
            {
                return waypoint.Destination;
            }

            point -= waypoint.Weight;
        }

        return among[0].Destination; // all weights are 0
    }

    // (connections + 1) / weight, compared without division; a tie goes to the first.
    private static Candidate Lighter(IEndpointLoad load, Candidate first, Candidate second)
    {
        ulong firstLoad = (ulong)Math.Max(0, load.ActiveConnections(first.Workload)) + 1;
        ulong secondLoad = (ulong)Math.Max(0, load.ActiveConnections(second.Workload)) + 1;
        return secondLoad * first.Workload.Capacity < firstLoad * second.Workload.Capacity ? second : first;
    }

    private ulong Below(ulong limit) => (ulong)_random.NextInt64((long)Math.Min(limit, long.MaxValue));
}
