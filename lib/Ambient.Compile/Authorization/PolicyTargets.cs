using Ambient.Compile.Index;
using Ambient.Compile.Sources;
using Ambient.Compile.Waypoints;
using Ambient.Resources.Istio;

namespace Ambient.Compile.Authorization;

/// <summary>
/// The objects that a policy is attached to by targetRefs, all in its own namespace. Their waypoint enforces it; at a Service without one the node
/// proxies do, at the pods behind it: a policy must not be without anybody to enforce it.
/// </summary>
internal static class PolicyTargets
{
    /// <summary>Null for a kind that takes no policies.</summary>
    public static ObjectKey? KeyOf(PolicyTargetReference target, string @namespace) => (target.Group ?? "", target.Kind) switch
    {
        ("", "Service") => new ObjectKey(KnownKinds.Service, @namespace, target.Name!),
        ("networking.istio.io", "ServiceEntry") => new ObjectKey(KnownKinds.ServiceEntry, @namespace, target.Name!),
        ("gateway.networking.k8s.io", "Gateway") => new ObjectKey(KnownKinds.Gateway, @namespace, target.Name!),
        ("gateway.networking.k8s.io", "GatewayClass") => new ObjectKey(KnownKinds.GatewayClass, "", target.Name!),
        _ => null,
    };

    public static IEnumerable<ObjectKey> KeysOf(AuthorizationSource policy) =>
        policy.References.Select(t => KeyOf(t, policy.Meta.Namespace)).OfType<ObjectKey>().Distinct();

    /// <summary>True for a workload of the policy's namespace that the node proxy must guard itself.</summary>
    public static bool Reach(MeshIndex index, AuthorizationSource policy, IReadOnlyDictionary<string, string> labels) =>
        KeysOf(policy).Any(key => IsUnguarded(index, key) && SelectorOf(index, key) is { Count: > 0 } selector && selector.Selects(labels));

    public static bool Exists(MeshIndex index, ObjectKey key) => key.Kind switch
    {
        KnownKinds.Service => index.Services.Find(key) is not null,
        KnownKinds.ServiceEntry => index.ServiceEntries.Find(key) is not null,
        KnownKinds.Gateway => index.Gateways.Find(key) is not null,
        _ => true, // a class is known by its name alone
    };

    /// <summary>A Service or ServiceEntry without a waypoint.</summary>
    public static bool IsUnguarded(MeshIndex index, ObjectKey key) =>
        (index.Services.Find(key)?.Meta ?? index.ServiceEntries.Find(key)?.Meta) is { } meta && WaypointBinding.OfService(index, meta) is null;

    private static IReadOnlyDictionary<string, string>? SelectorOf(MeshIndex index, ObjectKey key) =>
        index.Services.Find(key)?.Selector ?? index.ServiceEntries.Find(key)?.Selector;
}
