using Ambient.Routing.Resilience;

namespace Ambient.Waypoint.Upstreams.Clusters;

/// <summary>Hears of endpoints that experience leaves out. Called on the request's flow; must not wait.</summary>
internal interface IEjections
{
    void Ejected(Cluster cluster, ClusterEndpoint endpoint, AttemptResult last);

    /// <summary>Active checks changed what is believed.</summary>
    void Probed(Cluster cluster, ClusterEndpoint endpoint, bool healthy);
}
