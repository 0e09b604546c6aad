using System.Collections.Frozen;
using Ambient.Core;
using Ambient.Core.Routes;

namespace Ambient.Routing.Matching;

/// <summary>
/// All route tables of one proxy, immutable. The most specific host that has a table for the port and the caller's namespace wins; for one
/// host, a table for the caller's namespace before the one for everybody, and one for the port before the one for all ports.
/// </summary>
public sealed class RouteIndex
{
    private readonly FrozenDictionary<string, HostIndex<List<RouteMatcher>>> _hosts;

    private RouteIndex(FrozenDictionary<string, HostIndex<List<RouteMatcher>>> hosts)
    {
        _hosts = hosts;
    }

    public static RouteIndex Empty { get; } = Of([]);

    /// <summary>Tables that were in an earlier index are not compiled again.</summary>
    public static RouteIndex Of(IEnumerable<RouteTable> tables)
    {
        ArgumentNullException.ThrowIfNull(tables);
        Dictionary<string, Dictionary<string, List<RouteMatcher>>> places = new(StringComparer.Ordinal);
        foreach (RouteTable table in tables)
        {
            string place = table.Scope == RouteScope.Mesh ? "" : Place(table.Gateway.GetValueOrDefault(), table.Listener);
            if (!places.TryGetValue(place, out Dictionary<string, List<RouteMatcher>>? hosts))
            {
                places[place] = hosts = new(StringComparer.Ordinal);
            }

            if (!hosts.TryGetValue(table.Host, out List<RouteMatcher>? ofHost))
            {
                hosts[table.Host] = ofHost = [];
            }

            ofHost.Add(RouteMatcher.Of(table));
        }

        return new RouteIndex(places.ToFrozenDictionary(
            p => p.Key, p => new HostIndex<List<RouteMatcher>>(p.Value), StringComparer.Ordinal));
    }

    /// <summary>The table for requests to a service.</summary>
    /// <param name="serviceHost">Host name of the service, lower-case.</param>
    /// <param name="clientNamespace">Null when the caller is not known.</param>
    public RouteMatcher? Mesh(string serviceHost, int port, string? clientNamespace) => Find("", serviceHost, port, clientNamespace);

    /// <summary>The table of a listener, else of the gateway's listeners together.</summary>
    /// <param name="host">Host that the request names, lower-case, without port.</param>
    public RouteMatcher? Gateway(NamespacedName gateway, string listener, string host, int port) =>
        (listener.Length > 0 ? Find(Place(gateway, listener), host, port, null) : null) ?? Find(Place(gateway, ""), host, port, null);

    private RouteMatcher? Find(string place, string host, int port, string? clientNamespace) =>
        _hosts.TryGetValue(place, out HostIndex<List<RouteMatcher>>? hosts)
            ? hosts.Find(host, static (tables, wanted) => Best(tables, wanted.port, wanted.clientNamespace), (port, clientNamespace))
            : null;

    private static RouteMatcher? Best(List<RouteMatcher> tables, int port, string? clientNamespace)
    {
        RouteMatcher? best = null;
        int bestRank = 0;
        foreach (RouteMatcher candidate in tables)
        {
            RouteTable table = candidate.Table;
            bool forClient = table.ClientNamespace is null || string.Equals(table.ClientNamespace, clientNamespace, StringComparison.Ordinal);
            int rank = !forClient || (table.Port != 0 && table.Port != port)
                ? 0
                : 1 + (table.ClientNamespace is null ? 0 : 2) + (table.Port == 0 ? 0 : 1);
            if (rank > bestRank)
            {
                (best, bestRank) = (candidate, rank);
            }
        }

        return best;
    }

    private static string Place(NamespacedName gateway, string listener) => $"{gateway}/{listener}";
}
