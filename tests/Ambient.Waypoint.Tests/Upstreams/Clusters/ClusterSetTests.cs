using Ambient.Core;
using Ambient.Waypoint.Upstreams.Clusters;

namespace Ambient.Waypoint.Tests.Upstreams.Clusters;

public sealed class ClusterSetTests
{
    [Fact]
    public void All_WhileAClusterIsBeingMade_GivesOnlyThoseThatHaveAState()
    {
        ClusterSet clusters = new("shop", TimeProvider.System, new Random(1));
        Cluster known = clusters.ForService("shop/orders", 80, null);
        known.Follow(MeshSnapshot.Empty, null);
        clusters.ForService("shop/stock", 80, null);
        clusters.ForWorkload("uid-1", 80);

        Cluster only = Assert.Single(clusters.All);

        Assert.Same(known, only);
        Assert.NotNull(only.State);
    }
}
