using System.Collections.Immutable;
using System.Net;
using Ambient.Discovery;

namespace Ambient.Proxy.Mesh;

/// <summary>Where the operator is, and who asks it.</summary>
internal sealed record OperatorAddress
{
    /// <summary>https, for discovery and certificates.</summary>
    public required Uri Address { get; init; }

    /// <summary>Service-account token, read again for every stream.</summary>
    public required string TokenPath { get; init; }

    /// <summary>PEM of the roots that the operator's certificate leads to.</summary>
    public required string RootCertPath { get; init; }

    /// <summary>First part of the node id: <c>ztunnel</c> or <c>waypoint</c>.</summary>
    public required string Role { get; init; }

    /// <summary>What is followed: <see cref="TypeUrls.Ztunnel"/> or <see cref="TypeUrls.Waypoint"/>.</summary>
    public required ImmutableArray<string> Types { get; init; }

    public required IPAddress PodAddress { get; init; }

    public required string PodName { get; init; }

    public required string PodNamespace { get; init; }

    public required string NodeName { get; init; }

    public required string ClusterId { get; init; }
}
