using Ambient.Compile.Index;
using Ambient.Compile.Routes.DestinationRules;
using Ambient.Compile.Routes.HttpRoutes;
using Ambient.Compile.Routes.OwnPolicies;
using Ambient.Compile.Routes.RateLimits;
using Ambient.Compile.Routes.ServiceProfiles;
using Ambient.Compile.Routes.StreamRoutes;
using Ambient.Compile.Routes.TrafficSplits;
using Ambient.Compile.Routes.VirtualServices;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Routes;

/// <summary>Routing resources as read, and the ways to find them by host.</summary>
internal sealed class RouteIndex
{
    private readonly Groups<string, ObjectKey> _claims = new();

    public Table<VirtualServiceSource> VirtualServices { get; } = new();

    public Table<DestinationRuleSource> DestinationRules { get; } = new();

    /// <summary>Those of the DestinationRules that name a Secret.</summary>
    public HashSet<ObjectKey> WithCredentials { get; } = [];

    /// <summary>Rules of HTTPRoutes and GRPCRoutes; what they attach to is in the mesh's index.</summary>
    public Table<HttpRouteSource> HttpRoutes { get; } = new();

    /// <summary>Rules of TLSRoutes and TCPRoutes.</summary>
    public Table<StreamRouteSource> StreamRoutes { get; } = new();

    /// <summary>UDPRoutes: apart from the others, since services of the mesh have none.</summary>
    public Table<StreamRouteSource> DatagramRoutes { get; } = new();

    public Table<ServiceProfileSource> Profiles { get; } = new();

    public Table<TrafficSplitSource> Splits { get; } = new();

    public Table<RouteGroupSource> RouteGroups { get; } = new();

    public Table<EnvoyFilterSource> EnvoyFilters { get; } = new();

    /// <summary>VirtualServices by the Istio Gateways that they name (<c>namespace/name</c>).</summary>
    public Groups<string, ObjectKey> AtGateways { get; } = new();

    /// <summary>ServiceEntries by host.</summary>
    public Groups<string, ObjectKey> EntriesOf { get; } = new();

    /// <summary>RateLimitPolicies and BackendPolicies.</summary>
    public Table<OwnPolicySource> OwnPolicies { get; } = new();

    /// <summary>The same by the objects that their targetRefs name.</summary>
    public Groups<ObjectKey, ObjectKey> OwnPoliciesAt { get; } = new();

    public RouteUnits Units { get; } = new();

    /// <summary>Replaces the hosts and wildcards that an object speaks about.</summary>
    public void Claim(ObjectKey key, IEnumerable<string> old, IEnumerable<string> @new)
    {
        foreach (string host in old)
        {
            _claims.Remove(host, key);
        }

        foreach (string host in @new)
        {
            _claims.Add(host, key);
        }
    }

    /// <summary>Objects of a kind that speak about a host, with the host or wildcard by which they do; the most specific first.</summary>
    public IEnumerable<(string Pattern, IReadOnlyList<ObjectKey> Keys)> Claimants(string host, string kind)
    {
        foreach (string pattern in Patterns(host))
        {
            List<ObjectKey> keys = [.. _claims[pattern].Where(k => k.Kind == kind)];
            if (keys.Count > 0)
            {
                yield return (pattern, keys);
            }
        }
    }

    /// <summary>Anything speaks about the host.</summary>
    public bool IsClaimed(string host) => Patterns(host).Any(p => _claims[p].Count > 0);

    /// <summary><c>a.b.c</c>: itself, <c>*.b.c</c>, <c>*.c</c>, <c>*</c>.</summary>
    private static IEnumerable<string> Patterns(string host)
    {
        yield return host;
        for (int dot = host.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = host.IndexOf('.', dot + 1))
        {
            string pattern = "*" + host[dot..];
            if (pattern != host)
            {
                yield return pattern;
            }
        }

        if (host != "*")
        {
            yield return "*";
        }
    }
}
