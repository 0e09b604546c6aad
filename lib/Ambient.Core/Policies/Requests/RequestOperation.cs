using System.Collections.Immutable;

namespace Ambient.Core.Policies.Requests;

/// <inheritdoc cref="RequestSource"/>
public sealed record RequestOperation
{
    /// <summary>Compared with the authority without regard to case.</summary>
    public ImmutableArray<string> Hosts { get; init; } = [];

    public ImmutableArray<string> NotHosts { get; init; } = [];

    /// <summary>Ports of the destination workload.</summary>
    public ImmutableArray<string> Ports { get; init; } = [];

    public ImmutableArray<string> NotPorts { get; init; } = [];

    public ImmutableArray<string> Methods { get; init; } = [];

    public ImmutableArray<string> NotMethods { get; init; } = [];

    /// <summary>Also templates: <c>{*}</c> and a <c>*</c> between slashes are one segment, <c>{**}</c> any number.</summary>
    public ImmutableArray<string> Paths { get; init; } = [];

    public ImmutableArray<string> NotPaths { get; init; } = [];
}
