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
        var named = gateway.Listeners.Where(l => Means(parent, l)).ToList();
        if (named.Count == 0)
        {
            return ("NoMatchingParent", $"Gateway {Name} has no listener{(parent.SectionName is { } s ? $" {s}" : "")}{(parent.Port is { } p ? $" on port {p}" : "")}");
        }

        if (role == GatewayRole.Waypoint)
        {
            return ("NotAllowedByListeners", $"Gateway {Name} is a waypoint, which has no routes of its own; name the Service as parent");
        }

        var allowing = named.Where(Allows).ToList();
        if (allowing.Count == 0)
        {
            return ("NotAllowedByListeners", $"no listener of Gateway {Name} takes a {route.Meta.Kind} from namespace {route.Meta.Namespace}");
        }

        var common = allowing.FindAll(SharesHost);
        return common.Count == 0 ? ("NoMatchingListenerHostname", $"no listener of Gateway {Name} is for {string.Join(", ", route.Hostnames)}")
            : common.Select(l => ListenerRoutes.Rival(index, gateway, role, route, l)).ToList() is var rivals && rivals.TrueForAll(static r => r is not null)
                ? ("Conflicted", $"{rivals[0]!.Meta.Kind} {rivals[0]!.Meta.Namespace}/{rivals[0]!.Meta.Name} is older and has the same host there; a host has HTTPRoutes or GRPCRoutes, not both")
            : (null, $"attached to Gateway {Name}");
    }

    public bool IsAttachedTo(ListenerSource listener) => role != GatewayRole.Waypoint && SharesHost(listener) && Allows(listener)
        && route.Parents.Any(p => route.KeyOf(p) == gateway.Meta.Key && Means(p, listener));

    private string Name => $"{gateway.Meta.Namespace}/{gateway.Meta.Name}";

    private bool SharesHost(ListenerSource listener) => !ListenerRoutes.HostsOf(listener, route).IsEmpty;

    private static bool Means(ParentRef parent, ListenerSource listener) =>
        (parent.SectionName is null || parent.SectionName == listener.Name) && (parent.Port is null || parent.Port == listener.Port);

    private bool Allows(ListenerSource listener) =>
        RouteKinds.Of(role, listener).Contains(route.Meta.Key.Kind) && listener.From switch
        {
            "All" => true,
            "Same" => route.Meta.Namespace == gateway.Meta.Namespace,
            "Selector" => listener.Selector is { } selector && index.NamespaceOf(route.Meta.Namespace) is { } ns && selector.Selects(ns.Labels),
            _ => false,
        };
}
