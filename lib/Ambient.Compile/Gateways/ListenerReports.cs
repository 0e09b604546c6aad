using System.Collections.Immutable;
using Ambient.Compile.Index;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;
using Ambient.Core;

namespace Ambient.Compile.Gateways;

/// <summary>The status of each listener of a Gateway of ours.</summary>
internal sealed class ListenerReports(MeshIndex index, GatewaySource gateway, GatewayRole role, GatewayStanding standing)
{
    private readonly ListenerSource?[] _rivals = FindRivals(gateway.Listeners);

    public ImmutableArray<ListenerReport> All() => [.. gateway.Listeners.Select(Report)];

    public static bool IsValid(ListenerReport report) =>
        report.Conditions.All(static c => c.Type == Condition.Conflicted ? c.Status == "False" : c.Type == Condition.Programmed || c.Status != "False");

    private ListenerReport Report(ListenerSource listener, int at)
    {
        ImmutableArray<Condition> judged = [Accepted(listener), Conflicted(listener, at), Resolved(listener)];
        bool bad = judged.Any(static c => c.Type == Condition.Conflicted ? c.Status == "True" : c.Status == "False");
        return new ListenerReport(
            listener.Name,
            RouteKinds.Of(role, listener),
            index.RoutesOf[gateway.Meta.Key].Count(r => index.Routes.Find(r) is { } route && new RouteAttachment(index, gateway, role, route).IsAttachedTo(listener)),
            [.. judged, bad
                ? Condition.False(Condition.Programmed, "Invalid", "the listener is not valid")
                : standing.Programmed.Status == "True"
                    ? Condition.True(Condition.Programmed, "Programmed", "served by the Gateway's pods")
                    : Condition.False(Condition.Programmed, "Pending", standing.Programmed.Message)]);
    }

    private Condition Accepted(ListenerSource listener) =>
        RouteKinds.OfProtocol(role, listener.Protocol).IsEmpty
            ? Condition.False(Condition.Accepted, "UnsupportedProtocol", $"{listener.Protocol} is no protocol of class {gateway.Class}; {Expected}")
        : role == GatewayRole.Waypoint && listener.Port != ProxyPorts.Hbone
            ? Condition.False(Condition.Accepted, "PortUnavailable", $"a waypoint listens to port {ProxyPorts.Hbone} only, not to {listener.Port}")
        : Condition.True(Condition.Accepted, "Accepted", "the listener is valid");

    private string Expected => role switch
    {
        GatewayRole.Waypoint => "use HBONE on port 15008",
        GatewayRole.EastWest => "use HBONE or TLS",
        _ => "use HTTP, HTTPS, TLS or TCP",
    };

    private Condition Conflicted(ListenerSource listener, int at)
    {
        return _rivals[at] is not { } earlier
            ? Condition.False(Condition.Conflicted, "NoConflicts", "no other listener has the same port and host")
            : earlier.Port == listener.Port && earlier.Protocol != listener.Protocol
                ? Condition.True(Condition.Conflicted, "ProtocolConflict", $"listener {earlier.Name} has port {listener.Port} with another protocol")
                : Condition.True(Condition.Conflicted, "HostnameConflict", $"listener {earlier.Name} comes first with the same name, or port and host");
    }

    /// <summary>For each listener the first earlier one that cannot stand beside it and has no rival itself.</summary>
    private static ListenerSource?[] FindRivals(ImmutableArray<ListenerSource> listeners)
    {
        var rivals = new ListenerSource?[listeners.Length];
        for (int i = 0; i < listeners.Length; i++)
        {
            var listener = listeners[i];
            rivals[i] = listeners.Take(i).Where((l, at) => rivals[at] is null && Clash(l, listener)).FirstOrDefault();
        }

        return rivals;
    }

    private static bool Clash(ListenerSource a, ListenerSource b) => a.Name == b.Name || (a.Port == b.Port
        && (a.Protocol != b.Protocol || string.Equals(a.Hostname, b.Hostname, StringComparison.OrdinalIgnoreCase)));

    private Condition Resolved(ListenerSource listener)
    {
        var possible = RouteKinds.OfProtocol(role, listener.Protocol);
        return listener.Kinds.FirstOrDefault(k => !possible.Contains(k)) is { } wrong
            ? Condition.False(Condition.ResolvedRefs, "InvalidRouteKinds", $"{wrong} is no route that {listener.Protocol} takes; it takes {string.Join(", ", possible.Select(RouteKinds.Short))}")
            : listener.HasTls
                ? Condition.Unknown(Condition.ResolvedRefs, "Pending", "certificates are not read by this version")
                : Condition.True(Condition.ResolvedRefs, "ResolvedRefs", "nothing is missing");
    }
}
