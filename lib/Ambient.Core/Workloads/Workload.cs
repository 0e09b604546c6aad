using System.Collections.Immutable;
using System.Net;
using Ambient.Core.Identity;
using Ambient.Core.Services;

namespace Ambient.Core.Workloads;

/// <summary>Which tunnel a workload accepts (istio.workload.TunnelProtocol; LEGACY_ISTIO_MTLS is refused).</summary>
public enum TunnelProtocol
{
    None,
    Hbone,
}

/// <summary>istio.workload.WorkloadStatus.</summary>
public enum WorkloadHealth
{
    Healthy,
    Unhealthy,
}

/// <summary>istio.workload.WorkloadType.</summary>
public enum WorkloadKind
{
    Deployment,
    CronJob,
    Pod,
    Job,
}

/// <summary>istio.workload.NetworkMode: a host-network workload shares its address and is not found by it.</summary>
public enum NetworkMode
{
    Standard,
    HostNetwork,
}

/// <summary>Region, zone and subzone; empty where unknown.</summary>
public readonly record struct Locality(string Region, string Zone, string Subzone)
{
    public static Locality Unknown { get; } = new("", "", "");
}

/// <summary>One addressable instance: a pod, a WorkloadEntry or a ServiceEntry endpoint (istio.workload.Workload).</summary>
public sealed record Workload
{
    /// <summary>Key, e.g. <c>Kubernetes//Pod/shop/orders-7d9-x2x</c>.</summary>
    public required string Uid { get; init; }

    public required string Name { get; init; }

    public required string Namespace { get; init; }

    /// <summary>Zero to a few addresses; empty only with <see cref="Hostname"/>.</summary>
    public ImmutableArray<IPAddress> Addresses { get; init; } = [];

    /// <summary>A DNS name to resolve when there is no address.</summary>
    public string Hostname { get; init; } = "";

    public string Network { get; init; } = "";

    public TunnelProtocol TunnelProtocol { get; init; }

    public string TrustDomain { get; init; } = MeshDefaults.TrustDomain;

    public string ServiceAccount { get; init; } = "default";

    public GatewayAddress? Waypoint { get; init; }

    public GatewayAddress? NetworkGateway { get; init; }

    public string Node { get; init; } = "";

    public string CanonicalName { get; init; } = "";

    public string CanonicalRevision { get; init; } = "";

    public WorkloadKind Kind { get; init; } = WorkloadKind.Pod;

    /// <summary>Name of the owning controller, e.g. the Deployment.</summary>
    public string WorkloadName { get; init; } = "";

    /// <summary>Speaks HBONE itself: no proxy captures for it.</summary>
    public bool NativeTunnel { get; init; }

    public ApplicationTunnel? ApplicationTunnel { get; init; }

    /// <summary>Service key (<see cref="MeshService.Key"/>) to the ports by which this workload serves it.</summary>
    public ImmutableDictionary<string, ImmutableArray<ServicePort>> Services { get; init; } =
        ImmutableDictionary<string, ImmutableArray<ServicePort>>.Empty;

    /// <summary>Keys (<c>namespace/name</c>) of the selector policies that apply. A missing one refuses traffic.</summary>
    public ImmutableArray<string> AuthorizationPolicies { get; init; } = [];

    /// <summary>
    /// The resource that made the workload STRICT, when the policy that enforces it is the one that all share and so cannot say
    /// (<see cref="Policies.PolicyOrigin.SharedStrict"/>). Null otherwise.
    /// </summary>
    public Policies.PolicyOrigin? StrictOrigin { get; init; }

    public WorkloadHealth Health { get; init; }

    public string ClusterId { get; init; } = MeshDefaults.ClusterId;

    public Locality Locality { get; init; } = Locality.Unknown;

    public NetworkMode NetworkMode { get; init; }

    /// <summary>Relative weight among endpoints; 0 takes no traffic.</summary>
    public uint Capacity { get; init; } = 1;

    /// <summary>Of the pod or WorkloadEntry. Only waypoints, gateways and the CLI keep them; node proxies have none.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = NoLabels;

    /// <summary>No labels, compared by ordinal.</summary>
    public static ImmutableSortedDictionary<string, string> NoLabels { get; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// Key of the <see cref="Ambient.Core.Egress.EgressVisibility"/> that chooses this workload by its labels; null: those of its namespace and
    /// mesh count; <see cref="SeesAll"/>: none does.
    /// </summary>
    public string? Egress { get; init; }

    /// <summary>Of waypoints and gateways: they call on behalf of others.</summary>
    public const string SeesAll = "*";

    /// <summary>The identity that this workload's SVID carries.</summary>
    public SpiffeId Identity => new(TrustDomain, Namespace, ServiceAccount);
}

/// <summary>PROXY protocol on a port of the workload's loopback (istio.workload.ApplicationTunnel).</summary>
public sealed record ApplicationTunnel(bool ProxyProtocol, int Port);
