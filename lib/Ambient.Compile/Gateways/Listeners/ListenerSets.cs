using System.Collections.Immutable;
using Ambient.Compile.Index;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Gateways.Listeners;

/// <summary>Which ListenerSets add to a Gateway (Gateway API v1, GatewaySpec.allowedListeners).</summary>
internal static class ListenerSets
{
    /// <summary>Those that the Gateway takes, in order of precedence: the oldest first, then by namespace and name.</summary>
    public static ImmutableArray<ListenerSetSource> Of(MeshIndex index, GatewaySource gateway, GatewayRole role) =>
    [
        .. index.ListenerSetsOf[gateway.Meta.Key].Select(index.ListenerSets.Find).OfType<ListenerSetSource>()
            .Where(s => AreAllowed(index, gateway, role, s)).OrderBy(static s => s.Meta, Comparer<SourceMeta>.Create(SourceMeta.ByAge)),
    ];

    /// <summary>A waypoint has one listener, and nobody adds to it.</summary>
    public static bool AreAllowed(MeshIndex index, GatewaySource gateway, GatewayRole role, ListenerSetSource set) =>
        role != GatewayRole.Waypoint
        && gateway.AllowedListeners?.Allow(gateway.Meta.Namespace, set.Meta.Namespace, index.NamespaceOf(set.Meta.Namespace)?.Labels) == true;

    /// <summary>The Gateway behind a parent of routes, which may be a ListenerSet; null when it is not there.</summary>
    public static GatewaySource? GatewayOf(MeshIndex index, ObjectKey parent) =>
        (parent.Kind == KnownKinds.ListenerSet ? index.ListenerSets.Find(parent)?.Gateway : parent) is { } gateway ? index.Gateways.Find(gateway) : null;
}
