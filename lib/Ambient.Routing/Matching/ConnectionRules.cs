using System.Collections.Immutable;
using System.Net;
using Ambient.Core.Routes;

namespace Ambient.Routing.Matching;

internal static class ConnectionRules
{
    public static bool Names(ImmutableArray<string> names, string serverName)
    {
        foreach (string name in names)
        {
            bool fits = name == "*" || (name.StartsWith("*.", StringComparison.Ordinal)
                ? serverName.Length >= name.Length && serverName.EndsWith(name.AsSpan(1), StringComparison.Ordinal)
                : string.Equals(name, serverName, StringComparison.Ordinal));
            if (fits)
            {
                return true;
            }
        }

        return names.IsEmpty;
    }

    public static bool Fits(ImmutableArray<ConnectionMatch> matches, ConnectionSource source)
    {
        foreach (ConnectionMatch match in matches)
        {
            if ((match.Port == 0 || match.Port == source.Port)
                && InSubnet(match.DestinationSubnets, source.Destination)
                && (match.SourceNamespace is null || string.Equals(match.SourceNamespace, source.Namespace, StringComparison.Ordinal))
                && SourceLabels.Fit(match.SourceLabels, source.Labels))
            {
                return true;
            }
        }

        return matches.IsEmpty;
    }

    private static bool InSubnet(ImmutableArray<IPNetwork> subnets, IPAddress address)
    {
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        foreach (IPNetwork subnet in subnets)
        {
            if (subnet.Contains(plain))
            {
                return true;
            }
        }

        return subnets.IsEmpty;
    }
}
