using System.Collections.Immutable;

namespace Ambient.Core.Routes;

/// <summary>TLS passed on unopened, by server name.</summary>
public sealed record TlsRule
{
    public required RouteOrigin Origin { get; init; }

    /// <summary>Lower-case; <c>*.example.com</c> and <c>*</c> are wildcards. Empty: every name of the table's host.</summary>
    public ImmutableArray<string> ServerNames { get; init; } = [];

    /// <summary>AND with the names; OR of several. Empty: all.</summary>
    public ImmutableArray<ConnectionMatch> Matches { get; init; } = [];

    /// <summary>As in <see cref="RouteAction.Forward"/>; only weights, targets and <see cref="WeightedBackend.Invalid"/> count.</summary>
    public required ImmutableArray<WeightedBackend> Backends { get; init; }
}
