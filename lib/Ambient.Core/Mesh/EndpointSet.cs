using System.Collections.Immutable;
using Ambient.Core.Workloads;

namespace Ambient.Core;

/// <summary>
/// The workloads that serve one service. A new object for every change of the endpoints or of the service itself, and only then, so
/// that what is derived from it (filtered and ranked endpoints) can be cached by reference.
/// </summary>
public sealed class EndpointSet
{
    internal EndpointSet(ImmutableDictionary<string, Workload> byUid)
    {
        ByUid = byUid;
    }

    public static EndpointSet Empty { get; } = new(ImmutableDictionary<string, Workload>.Empty);

    public int Count => ByUid.Count;

    /// <summary>All endpoints, ordered by uid; laid out at the first use after a change.</summary>
    public ImmutableArray<Workload> All
    {
        get
        {
            Workload[]? laidOut = _all;
            if (laidOut is null)
            {
                laidOut = [.. ByUid.Values];
                Array.Sort(laidOut, static (a, b) => string.CompareOrdinal(a.Uid, b.Uid));
                _all = laidOut; // several threads may do this at once; the results are equal
            }

            return System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(laidOut);
        }
    }

    public bool Contains(string uid) => ByUid.ContainsKey(uid);

    internal ImmutableDictionary<string, Workload> ByUid { get; }

    private volatile Workload[]? _all;
}
