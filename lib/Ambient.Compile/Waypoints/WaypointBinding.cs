using System.Collections.Immutable;
using Ambient.Compile.Enrolment;
using Ambient.Compile.Index;
using Ambient.Compile.Sources;
using Ambient.Core;
using Ambient.Core.Workloads;

namespace Ambient.Compile.Waypoints;

/// <summary>
/// The waypoint that labels name for an object, whether it exists or not: one that is named but missing refuses traffic rather than being
/// gone around. <paramref name="Address"/> is where it is reached.
/// </summary>
internal sealed record WaypointBinding(ObjectKey Gateway, bool Exists, bool ForServices, bool ForWorkloads, GatewayAddress Address)
{
    public string Name => $"{Gateway.Namespace}/{Gateway.Name}";

    /// <summary>Words for one that does not exist.</summary>
    public string Missing =>
        $"is bound to the waypoint {Name}, which does not exist: traffic that needs it is refused; create the Gateway or remove the label";

    /// <summary>Further Gateways whose waypoints may come instead of this one's: canaries of services that a workload serves. Sorted.</summary>
    public ImmutableArray<ObjectKey> Canaries { get; init; } = [];

    /// <summary>This one and its canaries.</summary>
    public IEnumerable<ObjectKey> Gateways => Canaries.Prepend(Gateway);

    /// <summary>Keys of the generated policies by which a workload takes connections from its waypoints alone.</summary>
    public IEnumerable<string> OnlyFromKeys => Gateways.Select(static g => $"{g.Namespace}/{WaypointPolicies.OnlyFrom}{g.Name}");

    /// <summary>
    /// The object's own label before its namespace's, ours before Istio's; <c>none</c> unbinds. Pods and services of a gateway have none:
    /// it would lead to itself.
    /// </summary>
    public static ObjectKey? NamedBy(MeshIndex index, SourceMeta meta) => meta.Labels.ContainsKey(EnrolmentLabels.GatewayName)
        ? null
        : (Named(meta, meta.Namespace) ?? (index.NamespaceOf(meta.Namespace) is { } ns ? Named(ns, meta.Namespace) : null)) is { Name: not "none" } gateway
            ? gateway
            : null;

    /// <summary>The waypoint of a Service or ServiceEntry; null when none is named that takes services.</summary>
    public static WaypointBinding? OfService(MeshIndex index, SourceMeta meta) =>
        NamedBy(index, meta) is { } gateway && To(index, gateway) is { ForServices: true } binding ? binding : null;

    /// <summary>
    /// The waypoint through which a workload is reached that names none itself: the one to which every service that it serves is bound. Null when they
    /// differ, when one has none, or when the workload says <c>none</c>.
    /// </summary>
    public static WaypointBinding? OfServices(MeshIndex index, SourceMeta workload, IEnumerable<SourceMeta> services)
    {
        if (workload.Labels.ContainsKey(EnrolmentLabels.GatewayName) || workload.Label("ambient.dev/use-waypoint") == "none" || workload.Label("istio.io/use-waypoint") == "none")
        {
            return null;
        }

        WaypointBinding? common = null;
        foreach (var service in services)
        {
            if (OfService(index, service) is not { } binding || (common is not null && common.Gateway != binding.Gateway))
            {
                return null;
            }

            common = binding;
        }

        return common;
    }

    /// <summary>What stands before a workload: its own waypoint, else that of its services; with the canaries of the services that it serves.</summary>
    public static WaypointBinding? Before(MeshIndex index, WaypointBinding? own, SourceMeta workload, IReadOnlyList<SourceMeta> services) =>
        (own ?? OfServices(index, workload, services)) is { } waypoint
            ? waypoint with
            {
                Canaries = [.. services.Select(s => WaypointCanary.Of(index, s, OfService(index, s))).Where(static c => c is { InForce: true })
                    .Select(static c => c!.Waypoint.Gateway).Where(g => g != waypoint.Gateway).Distinct().Order()],
            }
            : null;

    /// <summary>Null when the Gateway says that it is nobody's waypoint.</summary>
    public static WaypointBinding? To(MeshIndex index, ObjectKey gateway)
    {
        var source = index.Gateways.Find(gateway);
        return source?.WaypointFor == "none"
            ? null
            : new WaypointBinding(
                gateway,
                source is not null,
                source is null || source.WaypointFor is "" or "service" or "all",
                source is null || source.WaypointFor is "workload" or "all",
                AddressOf(index, gateway, source));
    }

    /// <summary>Whether an object's own labels say something about its waypoint, <c>none</c> included.</summary>
    public static bool NamesItself(SourceMeta meta) => Named(meta, "") is not null;

    /// <summary>What a label (without its domain) names, ours before Istio's.</summary>
    public static ObjectKey? Labelled(SourceMeta meta, string @namespace, string label) =>
        Named(meta, @namespace, "ambient.dev/" + label) ?? Named(meta, @namespace, "istio.io/" + label);

    private static ObjectKey? Named(SourceMeta meta, string @namespace) => Labelled(meta, @namespace, "use-waypoint");

    private static ObjectKey? Named(SourceMeta meta, string @namespace, string label) => meta.Label(label) is { Length: > 0 } name
        ? new ObjectKey(KnownKinds.Gateway, meta.Label(label + "-namespace") is { Length: > 0 } other ? other : @namespace, name)
        : null;

    private static GatewayAddress AddressOf(MeshIndex index, ObjectKey gateway, GatewaySource? source) =>
        source is { Addresses: [var first, ..] } && IpText.TryAddress(first, out var address)
            ? new GatewayAddress(null, new NetworkAddress(index.Options.Network, address), GatewayAddress.DefaultHbonePort)
            : new GatewayAddress(
                new NamespacedName(gateway.Namespace, source is { Addresses: [var host, ..] } ? host : index.HostnameOf(gateway.Name, gateway.Namespace)),
                null, GatewayAddress.DefaultHbonePort);
}
