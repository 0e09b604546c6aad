using System.Collections.Immutable;
using System.Net;
using Ambient.Core.Workloads;

namespace Ambient.Core.Services;

/// <summary>istio.workload.AppProtocol.</summary>
public enum AppProtocol
{
    Unknown,
    Http11,
    Http2,
    Grpc,
    Tcp,
    Tls,
}

/// <summary>A port of a service. <paramref name="TargetPort"/> 0 means: the endpoint's own mapping decides.</summary>
public readonly record struct ServicePort(int Port, int TargetPort, AppProtocol Protocol = AppProtocol.Unknown);

/// <summary>An address of a service; with <paramref name="PrefixLength"/> a whole CIDR (ServiceEntry addresses).</summary>
public readonly record struct ServiceAddress(string Network, IPAddress Address, int? PrefixLength = null);

/// <summary>istio.workload.Service.IpFamilies.</summary>
public enum IpFamilies
{
    Automatic,
    IPv4Only,
    IPv6Only,
    Dual,
}

/// <summary>Who may see a service (istio.workload.Service.Visibility). An unknown value is refused, not widened.</summary>
public enum ServiceVisibility
{
    Public,
    Namespace,
}

/// <summary>istio.workload.LoadBalancing.Scope.</summary>
public enum BalancingScope
{
    Unspecified,
    Region,
    Zone,
    Subzone,
    Node,
    Cluster,
    Network,
}

/// <summary>istio.workload.LoadBalancing.Mode.</summary>
public enum BalancingMode
{
    Unspecified,
    Strict,
    Failover,
    Passthrough,
}

/// <summary>istio.workload.LoadBalancing.</summary>
public sealed record Balancing(ImmutableArray<BalancingScope> Preference, BalancingMode Mode, bool AllowUnhealthy)
{
    public static Balancing Default { get; } = new([], BalancingMode.Unspecified, false);
}

/// <summary>A share of connections to one of several waypoints (canary).</summary>
public sealed record WeightedWaypoint(GatewayAddress Destination, uint Weight);

/// <summary>A host name with ports and addresses that workloads serve (istio.workload.Service).</summary>
public sealed record MeshService
{
    public required string Name { get; init; }

    public required string Namespace { get; init; }

    public required string Hostname { get; init; }

    /// <summary>VIPs and CIDRs; empty for headless services.</summary>
    public ImmutableArray<ServiceAddress> Addresses { get; init; } = [];

    public ImmutableArray<ServicePort> Ports { get; init; } = [];

    /// <summary>Further SPIFFE ids that endpoints may present.</summary>
    public ImmutableArray<string> SubjectAltNames { get; init; } = [];

    public GatewayAddress? Waypoint { get; init; }

    public ImmutableArray<WeightedWaypoint> WeightedWaypoints { get; init; } = [];

    public Balancing Balancing { get; init; } = Balancing.Default;

    public IpFamilies IpFamilies { get; init; }

    /// <summary>Wins over others that claim the same host or address.</summary>
    public bool Canonical { get; init; }

    public bool IngressUseWaypoint { get; init; }

    public ServiceVisibility Visibility { get; init; }

    /// <summary>Resource name on the wire and key in snapshots: <c>namespace/hostname</c>.</summary>
    public string Key => $"{Namespace}/{Hostname}";
}
