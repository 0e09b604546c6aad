using System.Collections.Immutable;
using Ambient.Core.Egress;

namespace Ambient.Discovery;

/// <summary>Resource types of the discovery stream.</summary>
public static class TypeUrls
{
    /// <summary>istio.workload.Address: workloads by uid, services by <c>namespace/hostname</c>.</summary>
    public const string Address = "type.googleapis.com/istio.workload.Address";

    /// <summary>istio.security.Authorization, by <c>namespace/name</c>.</summary>
    public const string Authorization = "type.googleapis.com/istio.security.Authorization";

    /// <summary>Our own: pods of the caller's node, by pod uid.</summary>
    public const string Enrolment = "type.googleapis.com/ambient.enrolment.v1.PodEnrolment";

    /// <summary>Our own: the one <see cref="SettingsName"/>.</summary>
    public const string Settings = "type.googleapis.com/ambient.mesh.v1.MeshSettings";

    public const string SettingsName = "mesh";

    /// <summary>Our own: configuration of waypoints and gateways, by <c>Type/Key</c>; each sees what is for all, and what is for it alone.</summary>
    public const string Resource = "type.googleapis.com/ambient.proxy.v1.ProxyResource";

    /// <summary>The same message, of kind EgressVisibility alone: what node proxies need too.</summary>
    public const string Visibility = "type.googleapis.com/ambient.proxy.v1.EgressVisibility";

    /// <summary>All that the operator serves.</summary>
    public static ImmutableArray<string> All { get; } = [Address, Authorization, Enrolment, Settings, Visibility, Resource];

    /// <summary>The type under which a resource of proxies goes over the stream.</summary>
    public static string Of(string resourceType) => resourceType == nameof(EgressVisibility) ? Visibility : Resource;

    /// <summary>What a node proxy follows.</summary>
    public static ImmutableArray<string> Ztunnel { get; } = [Address, Authorization, Enrolment, Settings, Visibility];

    /// <summary>What a waypoint or gateway follows: it decides by what resources say, not by the policies of node proxies.</summary>
    public static ImmutableArray<string> Waypoint { get; } = [Address, Settings, Visibility, Resource];

    /// <summary>What a foreign control plane serves too.</summary>
    public static ImmutableArray<string> Istio { get; } = [Address, Authorization];
}
