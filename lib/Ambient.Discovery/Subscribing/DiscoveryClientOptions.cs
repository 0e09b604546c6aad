using System.Collections.Immutable;
using Ambient.Discovery.Grpc;

namespace Ambient.Discovery.Subscribing;

/// <summary>How a proxy follows its control plane.</summary>
public sealed record DiscoveryClientOptions : GrpcChannelOptions
{
    /// <summary><c>ztunnel~POD-IP~POD.NAMESPACE~NAMESPACE.svc.cluster.local</c>.</summary>
    public required string NodeId { get; init; }

    /// <summary>NAME, NAMESPACE, NODE_NAME, INSTANCE_IPS and the like.</summary>
    public ImmutableDictionary<string, string> Metadata { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>
    /// Types to follow, all resources of each: <see cref="TypeUrls.Ztunnel"/>, <see cref="TypeUrls.Waypoint"/>, or
    /// <see cref="TypeUrls.Istio"/> against a foreign control plane.
    /// </summary>
    public ImmutableArray<string> Types { get; init; } = TypeUrls.Ztunnel;

    /// <summary>Workloads keep their labels, which routes and policies of waypoints choose by.</summary>
    public bool KeepLabels { get; init; }

    public int MaxMessageBytes { get; init; } = 200 * 1024 * 1024;

    public TimeSpan FirstBackOff { get; init; } = TimeSpan.FromMilliseconds(10);

    public TimeSpan MaxBackOff { get; init; } = TimeSpan.FromSeconds(15);
}
