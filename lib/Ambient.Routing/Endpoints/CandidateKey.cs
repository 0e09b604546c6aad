using Ambient.Core.Workloads;

namespace Ambient.Routing.Endpoints;

/// <summary>
/// All that the filtered endpoints of one <see cref="Ambient.Core.EndpointSet"/> depend on besides itself: the port, and where the source is as far
/// as the service's preference looks at it.
/// </summary>
internal readonly record struct CandidateKey(int Port, string Network, string Cluster, string Node, Locality Locality)
{
    public static CandidateKey For(int port, Workload source, bool byLocality) => byLocality
        ? new CandidateKey(port, source.Network, source.ClusterId, source.Node, source.Locality)
        : new CandidateKey(port, source.Network, "", "", Locality.Unknown);
}
