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

        var allowing = named.Where(Allows).ToList();
        if (allowing.Count == 0)
        {
            return ("NotAllowedByListeners", $"no listener of Gateway {Name} takes a {route.Meta.Kind} from namespace {route.Meta.Namespace}");
        }

        return allowing.Exists(l => Hostnames.Intersect(l.Hostname, route.Hostnames))
            ? (null, $"attached to Gateway {Name}")
            : ("NoMatchingListenerHostname", $"no listener of Gateway {Name} is for {string.Join(", ", route.Hostnames)}");
    }

    public bool IsAttachedTo(ListenerSource listener) => Allows(listener) && Hostnames.Intersect(listener.Hostname, route.Hostnames)
        && route.Parents.Any(p => route.KeyOf(p) == gateway.Meta.Key && Means(p, listener));

    private string Name => $"{gateway.Meta.Namespace}/{gateway.Meta.Name}";

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
