using System.Globalization;

namespace Ambient.Waypoint.Upstreams.Clusters;

/// <summary>Clusters by the name that Istio's users know: <c>outbound|PORT|SUBSET|HOST</c>.</summary>
internal static class ClusterName
{
    internal static string Of(ClusterKey key)
    {
        // The service's key is NAMESPACE/HOST; a workload that was addressed itself has its uid there: CLUSTER//KIND/NAMESPACE/NAME.
        int slash = key.Service.IndexOf('/', StringComparison.Ordinal);
        ReadOnlySpan<char> host = slash >= 0 && key.Service.IndexOf('/', slash + 1) < 0 ? key.Service.AsSpan(slash + 1) : key.Service;
        return string.Create(CultureInfo.InvariantCulture, $"outbound|{key.Port}|{key.Subset}|{host}");
    }
}
