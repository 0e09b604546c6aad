using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Ambient.Core;
using Ambient.Core.Services;
using Ambient.Core.Workloads;

namespace Ambient.Routing.Endpoints;

/// <summary>
/// Filtered endpoints, made once per set of endpoints (which is a new object whenever service or endpoints change), port and place
/// of the source; they go with the set. Bounded by the ports that the service declares and the places of a node's pods, whatever
/// ports an application tries.
/// </summary>
internal static class CandidateCache
{
    private static readonly ConditionalWeakTable<EndpointSet, ConcurrentDictionary<CandidateKey, Candidates>> Made = [];

    public static Candidates For(MeshSnapshot snapshot, MeshService service, int port, Workload source)
    {
        EndpointSet endpoints = snapshot.EndpointSetOf(service.Key);
        if (endpoints.Count == 0 || !CandidateFilter.Declares(service, port))
        {
            return CandidateFilter.None(service, port); // not cached: the empty set is shared by all services
        }

        bool byLocality = !service.Balancing.Preference.IsDefaultOrEmpty;
        CandidateKey key = CandidateKey.For(port, source, byLocality);
        ConcurrentDictionary<CandidateKey, Candidates> made = Made.GetValue(endpoints, static _ => []);
        return made.TryGetValue(key, out Candidates? found)
            ? found
            : made.GetOrAdd(key, CandidateFilter.Of(service, endpoints, port, source));
    }
}
