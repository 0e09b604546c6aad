using System.Collections.Immutable;

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

    public static ImmutableArray<string> All { get; } = [Address, Authorization, Enrolment, Settings];

    /// <summary>What a foreign control plane serves too.</summary>
    public static ImmutableArray<string> Istio { get; } = [Address, Authorization];
}
