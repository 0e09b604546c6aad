using Ambient.Compile.Index;
using Ambient.Compile.Sources;
using Ambient.Core;
using Ambient.Core.Gateways;

namespace Ambient.Compile.Gateways.Running;

/// <summary>The gateways that configuration is made for, and who is served by which.</summary>
internal static class RunningGateways
{
    private const string UnitKind = "ambient/GatewayConfig";

    public static ObjectKey UnitOf(ObjectKey gateway) => new(UnitKind, gateway.Namespace, gateway.Name);

    public static bool IsUnit(ObjectKey key) => key.Kind == UnitKind;

    public static IEnumerable<ObjectKey> Units(MeshIndex index) => Keys(index).Select(UnitOf);

    /// <summary>Null when there is none of this name, or another controller's.</summary>
    public static RunningGateway? Find(MeshIndex index, string @namespace, string name)
    {
        var key = new ObjectKey(KnownKinds.Gateway, @namespace, name);
        NamespacedName named = new(@namespace, name);
        if (index.Gateways.Find(key) is { } source)
        {
            return Role(GatewayClasses.RoleOf(index, source.Class)) is { } role
                ? new RunningGateway(named, role, named, GatewayPodLabels.Of(name, GatewayPodLabels.IstioName(GatewayClasses.RoleOf(index, source.Class)), source.PodLabels), source)
                : null;
        }

        return index.GatewayPods[key].Order().Select(index.Pods.Find).OfType<PodSource>().FirstOrDefault(static p => !p.Finished) is { } pod
            ? new RunningGateway(named, ProxyRole.Ingress, new NamespacedName(@namespace, pod.ServiceAccount), pod.Meta.Labels, null)
            : null;
    }

    /// <summary>Those that an Istio Gateway's selector chooses; waypoints are none.</summary>
    public static IEnumerable<RunningGateway> Serving(MeshIndex index, IstioGatewaySource gateway) =>
        Keys(index).Order().Select(k => Find(index, k.Namespace, k.Name)).OfType<RunningGateway>().Where(g => Serves(g, gateway));

    public static bool Serves(RunningGateway running, IstioGatewaySource gateway) =>
        running.Role != ProxyRole.Waypoint && gateway.Selector.Selects(running.Labels);

    private static IEnumerable<ObjectKey> Keys(MeshIndex index) => index.Gateways.Keys.Concat(index.GatewayPods.Keys).Distinct();

    private static ProxyRole? Role(GatewayRole role) => role switch
    {
        GatewayRole.Waypoint => ProxyRole.Waypoint,
        GatewayRole.Ingress => ProxyRole.Ingress,
        GatewayRole.EastWest => ProxyRole.EastWest,
        _ => null,
    };
}
