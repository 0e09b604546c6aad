using System.Collections.Immutable;
using System.Net;

namespace Ambient.Core.Routes;

/// <summary>AND of what is set.</summary>
public sealed record ConnectionMatch
{
    public ImmutableArray<IPNetwork> DestinationSubnets { get; init; } = [];

    /// <summary>0: any.</summary>
    public int Port { get; init; }

    /// <inheritdoc cref="HttpMatch.SourceNamespace"/>
    public string? SourceNamespace { get; init; }

    /// <inheritdoc cref="HttpMatch.SourceLabels"/>
    public ImmutableSortedDictionary<string, string> SourceLabels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}
