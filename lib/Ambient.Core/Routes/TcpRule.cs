using System.Collections.Immutable;

namespace Ambient.Core.Routes;

/// <summary>Bytes passed on; the first rule that matches decides.</summary>
public sealed record TcpRule
{
    public required RouteOrigin Origin { get; init; }

    /// <summary>OR. Empty: all.</summary>
    public ImmutableArray<ConnectionMatch> Matches { get; init; } = [];

    /// <inheritdoc cref="TlsRule.Backends"/>
    public required ImmutableArray<WeightedBackend> Backends { get; init; }
}
