using System.Collections.Immutable;
using System.Net;

namespace Ambient.Lab.Network;

/// <summary>What DNS and the node's rules know of a Service and its EndpointSlices.</summary>
internal sealed record ServiceView
{
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>Empty for headless and ExternalName services.</summary>
    public ImmutableArray<IPAddress> ClusterIps { get; init; } = [];

    /// <summary>Set for type ExternalName, without a trailing dot.</summary>
    public string? ExternalName { get; init; }

    /// <summary>sessionAffinity: ClientIP.</summary>
    public bool Sticky { get; init; }

    public ImmutableArray<ServicePortView> Ports { get; init; } = [];

    public ImmutableArray<EndpointView> Endpoints { get; init; } = [];
}
