using System.Collections.Immutable;
using System.Net;

namespace Ambient.Lab;

/// <summary>A node of the lab.</summary>
public sealed record LabNode
{
    /// <summary><c>node-1</c>, <c>node-2</c>, …</summary>
    public required string Name { get; init; }

    /// <summary>Path of its network namespace, <c>/run/netns/…</c>.</summary>
    public required string NetnsPath { get; init; }

    /// <summary>Its addresses, primary family first.</summary>
    public required ImmutableArray<IPAddress> Addresses { get; init; }

    /// <summary>The folder that hostPath volumes of its pods lead into.</summary>
    public required string HostDirectory { get; init; }
}
