using System.Collections.Immutable;

namespace Ambient.Core.Routes;

/// <summary>The endpoints of a service that carry all the labels.</summary>
public sealed record Subset
{
    public required string Name { get; init; }

    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>What it inherits is already in it; null: the port's or service's.</summary>
    public TrafficPolicy? Policy { get; init; }

    public ImmutableDictionary<int, TrafficPolicy> Ports { get; init; } = ImmutableDictionary<int, TrafficPolicy>.Empty;
}
