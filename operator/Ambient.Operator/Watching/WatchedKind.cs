using System.Text.Json.Nodes;
using Ambient.Kube.Resources;

namespace Ambient.Operator.Watching;

/// <summary>One kind that the mesh is compiled from, and what is left out of its objects at the door.</summary>
internal sealed record WatchedKind(GroupKind Kind, Func<JsonObject, JsonObject>? Narrow = null)
{
    /// <summary>Leaves most of a kind at the server, as Secrets must be: <c>type=kubernetes.io/tls</c>.</summary>
    public string? FieldSelector { get; init; }

    public string? LabelSelector { get; init; }

    /// <summary>Kinds of CRDs may be missing: they are waited for.</summary>
    public static IReadOnlyList<WatchedKind> All { get; } =
    [
        new(new GroupKind("", "Namespace")),
        new(new GroupKind("", "Node"), Narrowing.Node),
        new(new GroupKind("", "Pod"), Narrowing.Pod),
        new(new GroupKind("", "Service")),
        new(new GroupKind("discovery.k8s.io", "EndpointSlice"), Narrowing.EndpointSlice),
        new(new GroupKind("security.istio.io", "PeerAuthentication"), Narrowing.WithoutStatus),
        new(new GroupKind("security.istio.io", "AuthorizationPolicy"), Narrowing.WithoutStatus),
        new(new GroupKind("networking.istio.io", "WorkloadEntry"), Narrowing.WorkloadEntry),
        new(new GroupKind("networking.istio.io", "ServiceEntry"), Narrowing.WithStatusAddresses),
        new(new GroupKind("gateway.networking.k8s.io", "GatewayClass"), Narrowing.WithoutStatus),
        new(new GroupKind("gateway.networking.k8s.io", "Gateway"), Narrowing.WithStatusAddresses),
        new(new GroupKind("gateway.networking.k8s.io", "HTTPRoute"), Narrowing.WithoutStatus),
        new(new GroupKind("gateway.networking.k8s.io", "GRPCRoute"), Narrowing.WithoutStatus),
        new(new GroupKind("gateway.networking.k8s.io", "TLSRoute"), Narrowing.WithoutStatus),
        new(new GroupKind("gateway.networking.k8s.io", "TCPRoute"), Narrowing.WithoutStatus),
        new(new GroupKind("gateway.networking.k8s.io", "ReferenceGrant"), Narrowing.WithoutStatus),
        new(new GroupKind("gateway.networking.k8s.io", "BackendTLSPolicy"), Narrowing.WithoutStatus),
        new(new GroupKind("gateway.networking.k8s.io", "ListenerSet"), Narrowing.WithoutStatus),
        new(new GroupKind("gateway.networking.k8s.io", "UDPRoute"), Narrowing.WithoutStatus),
        new(new GroupKind("networking.istio.io", "VirtualService"), Narrowing.WithoutStatus),
        new(new GroupKind("networking.istio.io", "DestinationRule"), Narrowing.WithoutStatus),
        new(new GroupKind("networking.istio.io", "EnvoyFilter"), Narrowing.WithoutStatus),
        new(new GroupKind("networking.istio.io", "Gateway"), Narrowing.WithoutStatus),
        new(new GroupKind("networking.istio.io", "Sidecar"), Narrowing.WithoutStatus),
        new(new GroupKind("networking.istio.io", "WorkloadGroup"), Narrowing.WithoutStatus),
        new(new GroupKind("security.istio.io", "RequestAuthentication"), Narrowing.WithoutStatus),
        new(new GroupKind("telemetry.istio.io", "Telemetry"), Narrowing.WithoutStatus),
        new(new GroupKind("linkerd.io", "ServiceProfile"), Narrowing.WithoutStatus),
        new(new GroupKind("split.smi-spec.io", "TrafficSplit"), Narrowing.WithoutStatus),
        new(new GroupKind("specs.smi-spec.io", "HTTPRouteGroup"), Narrowing.WithoutStatus),
        new(new GroupKind("ambient.dev", "Mesh"), Narrowing.WithoutStatus),
        new(new GroupKind("ambient.dev", "RateLimitPolicy"), Narrowing.WithoutStatus),
        new(new GroupKind("ambient.dev", "BackendPolicy"), Narrowing.WithoutStatus),
    ];
}
