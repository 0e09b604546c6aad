namespace Ambient.Core;

/// <summary>Names that stand unless the <c>Mesh</c> resource or a chart value says otherwise.</summary>
public static class MeshDefaults
{
    public const string TrustDomain = "cluster.local";

    public const string ClusterDomain = "cluster.local";

    public const string ClusterId = "Kubernetes";

    /// <summary>Namespace of the system itself and root namespace for mesh-wide policies.</summary>
    public const string SystemNamespace = "ambient-system";

    /// <summary>Root namespace too, for resources written for Istio.</summary>
    public const string IstioSystemNamespace = "istio-system";

    /// <summary>
    /// Header of a waypoint's CONNECT: the SPIFFE id of who is behind the connection. Believed from a waypoint that the destination is bound
    /// to, and from nobody else.
    /// </summary>
    public const string CallerHeader = "ambient-caller";
}
