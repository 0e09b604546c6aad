using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Ambient.Core.Routes;

namespace Ambient.Routing.Matching;

/// <summary>
/// A route table ready to be asked. HTTP rules are found by exact path, by prefix and, for what neither narrows, in order; the work does
/// not grow with the number of rules that have other paths. Immutable, thread-safe; asking allocates nothing.
/// </summary>
public sealed class RouteMatcher
{
    private static readonly ConditionalWeakTable<RouteTable, RouteMatcher> Made = [];

    private readonly ImmutableArray<HttpEntry> _entries;
    private readonly PathIndex _paths;

    private RouteMatcher(RouteTable table)
    {
        Table = table;
        _entries = HttpEntry.InOrder(table);
        _paths = new PathIndex(_entries);
    }

    public RouteTable Table { get; }

    public static RouteMatcher Of(RouteTable table) => Made.GetValue(table, static t => new RouteMatcher(t));

    /// <summary>The rule that decides, with the match that took the request; null: no rule takes it (404).</summary>
    public MatchedRule? Match(RequestFacts facts)
    {
        int found = _paths.First(facts);
        return found < 0 ? null : _entries[found].Matched;
    }

    /// <summary>Every match in the order in which they count, up to and with the one that decides, and what speaks against the others.</summary>
    public ImmutableArray<ConsideredMatch> Explain(RequestFacts facts)
    {
        ImmutableArray<ConsideredMatch>.Builder considered = ImmutableArray.CreateBuilder<ConsideredMatch>();
        foreach (HttpEntry entry in _entries)
        {
            string? against = entry.Against(facts);
            considered.Add(new ConsideredMatch(entry.Matched, against));
            if (against is null)
            {
                break;
            }
        }

        return considered.ToImmutable();
    }

    /// <summary>The first TLS rule for a server name; null: none.</summary>
    /// <param name="serverName">Lower-case.</param>
    public TlsRule? MatchTls(string serverName, ConnectionSource source)
    {
        foreach (TlsRule rule in Table.Tls)
        {
            if (ConnectionRules.Names(rule.ServerNames, serverName) && ConnectionRules.Fits(rule.Matches, source))
            {
                return rule;
            }
        }

        return null;
    }

    /// <summary>The first TCP rule for a connection; null: none.</summary>
    public TcpRule? MatchTcp(ConnectionSource source)
    {
        foreach (TcpRule rule in Table.Tcp)
        {
            if (ConnectionRules.Fits(rule.Matches, source))
            {
                return rule;
            }
        }

        return null;
    }
}
