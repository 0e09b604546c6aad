using System.Collections.Immutable;
using Ambient.Core.Services;
using Ambient.Core.Workloads;

namespace Ambient.Routing.Endpoints;

/// <summary>How near an endpoint is: the number of scopes, counted from the first, in which it is where the source is.</summary>
internal static class LocalityRank
{
    public static int Of(Workload endpoint, Workload source, ImmutableArray<BalancingScope> preference)
    {
        int rank = 0;
        foreach (BalancingScope scope in preference)
        {
            if (!Same(scope, endpoint, source))
            {
                break;
            }

            rank++;
        }

        return rank;
    }

    private static bool Same(BalancingScope scope, Workload a, Workload b) => scope switch
    {
        BalancingScope.Region => Equal(a.Locality.Region, b.Locality.Region),
        BalancingScope.Zone => Equal(a.Locality.Zone, b.Locality.Zone),
        BalancingScope.Subzone => Equal(a.Locality.Subzone, b.Locality.Subzone),
        BalancingScope.Node => Equal(a.Node, b.Node),
        BalancingScope.Cluster => Equal(a.ClusterId, b.ClusterId),
        BalancingScope.Network => Equal(a.Network, b.Network),
        BalancingScope.Unspecified => true,
        _ => false,
    };

    private static bool Equal(string a, string b) => string.Equals(a, b, StringComparison.Ordinal);
}
