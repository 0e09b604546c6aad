using Ambient.Core.Routes;
using Ambient.Core.Workloads;

namespace Ambient.Routing.Balancers;

/// <summary>How far an endpoint is from a proxy: the lowest priority that has an endpoint to choose takes the requests (DestinationRule localityLbSetting).</summary>
public static class LocalityPriority
{
    /// <summary>
    /// 0 is nearest. With failoverPriority: the number of labels less the leading ones that both share. Otherwise subzone, zone, region, the
    /// region to fail over to, elsewhere.
    /// </summary>
    public static int Of(
        LocalityPolicy policy,
        Locality source,
        IReadOnlyDictionary<string, string> sourceLabels,
        Locality endpoint,
        IReadOnlyDictionary<string, string> endpointLabels)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (!policy.Enabled)
        {
            return 0;
        }

        if (!policy.FailoverPriority.IsEmpty)
        {
            int shared = 0;
            while (shared < policy.FailoverPriority.Length && Shares(policy.FailoverPriority[shared], sourceLabels, endpointLabels))
            {
                shared++;
            }

            return policy.FailoverPriority.Length - shared;
        }

        return source.Region != endpoint.Region ? (FailsOverTo(policy, source.Region, endpoint.Region) ? 3 : 4)
            : source.Zone != endpoint.Zone ? 2
            : source.Subzone != endpoint.Subzone ? 1
            : 0;
    }

    /// <summary>True when <c>region/zone/*</c>, with any part left out or a star, names the place.</summary>
    public static bool Names(string pattern, Locality place)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        string[] parts = pattern.Split('/');
        return parts.Length <= 3
            && Fits(parts[0], place.Region)
            && (parts.Length < 2 || Fits(parts[1], place.Zone))
            && (parts.Length < 3 || Fits(parts[2], place.Subzone));
    }

    private static bool Fits(string part, string name) => part == "*" || string.Equals(part, name, StringComparison.Ordinal);

    private static bool FailsOverTo(LocalityPolicy policy, string from, string to)
    {
        foreach (RegionFailover failover in policy.Failover)
        {
            if (failover.From == from && failover.To == to)
            {
                return true;
            }
        }

        return false;
    }

    // "key": both have the same; "key=value": the endpoint has this one.
    private static bool Shares(string label, IReadOnlyDictionary<string, string> source, IReadOnlyDictionary<string, string> endpoint)
    {
        int equals = label.IndexOf('=', StringComparison.Ordinal);
        if (!endpoint.TryGetValue(equals < 0 ? label : label[..equals], out string? has))
        {
            return false;
        }

        string? wanted = equals < 0 ? source.GetValueOrDefault(label) : label[(equals + 1)..];
        return string.Equals(wanted, has, StringComparison.Ordinal);
    }
}
