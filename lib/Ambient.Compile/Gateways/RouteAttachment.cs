using System.Collections.Immutable;
using Ambient.Compile.Gateways.Listeners;
using Ambient.Compile.Index;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Gateways;

/// <summary>Whether a Gateway takes a route, and by which listeners (Gateway API v1, ParentReference and AllowedRoutes).</summary>
internal sealed class RouteAttachment(MeshIndex index, GatewaySource gateway, GatewayRole role, RouteSource route)
{
    /// <summary>The reason why not, and words for it; a null reason when it attaches.</summary>
    public (string? Reason, string Message) Judge(ParentRef parent)
    {
        if (route.KeyOf(parent) is not { } key || ListenersOf(key) is not { } listeners)
        {
            return ("NoMatchingParent", $"ListenerSet {parent.Namespace ?? route.Meta.Namespace}/{parent.Name} adds nothing to Gateway {Name}, which does not take it; see its status");
        }

        string who = key.Kind == KnownKinds.ListenerSet ? $"ListenerSet {key.Namespace}/{key.Name}" : $"Gateway {Name}";
        var named = listeners.Where(l => Means(parent, l)).ToList();
        if (named.Count == 0)
        {
            return ("NoMatchingParent", $"{who} has no listener{(parent.SectionName is { } s ? $" {s}" : "")}{(parent.Port is { } p ? $" on port {p}" : "")}");
        }

        if (role == GatewayRole.Waypoint)
        {
            return ("NotAllowedByListeners", $"Gateway {Name} is a waypoint, which has no routes of its own; name the Service as parent");
        }

        var allowing = named.Where(Allows).ToList();
        if (allowing.Count == 0)
        {
            return ("NotAllowedByListeners", $"no listener of {who} takes a {route.Meta.Kind} from namespace {route.Meta.Namespace}");
        }

        var common = allowing.FindAll(SharesHost);
        return common.Count == 0 ? ("NoMatchingListenerHostname", $"no listener of {who} is for {string.Join(", ", route.Hostnames)}")
            : common.Select(l => ListenerRoutes.Rival(index, gateway, role, route, l)).ToList() is var rivals && rivals.TrueForAll(static r => r is not null)
                ? ("Conflicted", $"{rivals[0]!.Meta.Kind} {rivals[0]!.Meta.Namespace}/{rivals[0]!.Meta.Name} is older and has the same host there; a host has HTTPRoutes or GRPCRoutes, not both")
            : (null, $"attached to {who}");
    }

    public bool IsAttachedTo(ListenerSource listener) => role != GatewayRole.Waypoint && SharesHost(listener) && Allows(listener)
        && route.Parents.Any(p => route.KeyOf(p) == listener.Owner && Means(p, listener));

    private string Name => $"{gateway.Meta.Namespace}/{gateway.Meta.Name}";

    /// <summary>Null for a ListenerSet that is not allowed.</summary>
    private ImmutableArray<ListenerSource>? ListenersOf(ObjectKey parent) => parent == gateway.Meta.Key ? gateway.Listeners
        : index.ListenerSets.Find(parent) is { } set && ListenerSets.AreAllowed(index, gateway, role, set) ? set.Listeners
        : null;

    private bool SharesHost(ListenerSource listener) => !ListenerRoutes.HostsOf(listener, route).IsEmpty;

    private static bool Means(ParentRef parent, ListenerSource listener) =>
        (parent.SectionName is null || parent.SectionName == listener.Name) && (parent.Port is null || parent.Port == listener.Port);

    private bool Allows(ListenerSource listener) =>
        RouteKinds.Of(role, listener).Contains(route.Meta.Key.Kind) && listener.From switch
        {
            "All" => true,
            "Same" => route.Meta.Namespace == listener.Owner.Namespace,
            "Selector" => listener.Selector is { } selector && index.NamespaceOf(route.Meta.Namespace) is { } ns && selector.Selects(ns.Labels),
            _ => false,
        };
}
