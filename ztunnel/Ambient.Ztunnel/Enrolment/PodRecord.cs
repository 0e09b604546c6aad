using System.Collections.Immutable;

namespace Ambient.Ztunnel.Enrolment;

/// <summary>What the container runtime said about a pod, kept on disk until it says that the pod is gone.</summary>
internal sealed record PodRecord
{
    /// <summary>Kubernetes uid.</summary>
    public required string Uid { get; init; }

    public required string Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>Path of the network namespace.</summary>
    public required string Netns { get; init; }

    /// <summary>IP addresses as text.</summary>
    public ImmutableArray<string> Addresses { get; init; } = [];
}
