using System.Collections.Immutable;
using System.Net;
using Ambient.Lab.Containers;

namespace Ambient.Lab.Nodes;

/// <summary>What a pod's status is made from.</summary>
internal sealed record PodMoment
{
    public required IReadOnlyList<ContainerRunner> Init { get; init; }

    public required IReadOnlyList<ContainerRunner> Main { get; init; }

    public required ImmutableArray<IPAddress> HostAddresses { get; init; }

    /// <summary>Null until its network namespace is there.</summary>
    public PodNetwork? Network { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>It is being stopped.</summary>
    public bool Ending { get; init; }

    /// <summary>Why it does not go on.</summary>
    public string? Message { get; init; }
}
