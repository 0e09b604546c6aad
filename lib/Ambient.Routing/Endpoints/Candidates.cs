using System.Collections.Immutable;

namespace Ambient.Routing.Endpoints;

/// <summary>
/// The endpoints that one connection may go to, filtered and ranked beforehand, with running sums of their weights, so that a pick is a
/// random number and a binary search.
/// </summary>
internal sealed class Candidates
{
    private readonly ulong[] _sums;

    public Candidates(ImmutableArray<Candidate> endpoints, string? whyNone, string? code)
    {
        Endpoints = endpoints;
        WhyNone = whyNone;
        Code = code;
        _sums = new ulong[endpoints.Length];
        ulong sum = 0;
        for (int i = 0; i < endpoints.Length; i++)
        {
            sum += endpoints[i].Workload.Capacity;
            _sums[i] = sum;
        }
    }

    public ImmutableArray<Candidate> Endpoints { get; }

    /// <summary>Why there are none, for people; null when there are.</summary>
    public string? WhyNone { get; }

    /// <summary>The <see cref="Destinations.RefusalCodes"/> for none.</summary>
    public string? Code { get; }

    public ulong TotalWeight => _sums is [.., var last] ? last : 0;

    /// <param name="point">From 0 to just below <see cref="TotalWeight"/>.</param>
    public int At(ulong point)
    {
        int found = Array.BinarySearch(_sums, point);

        // A sum equal to the point ends before it; weights are positive, so the next one is another endpoint.
        return found >= 0 ? found + 1 : ~found;
    }
}
