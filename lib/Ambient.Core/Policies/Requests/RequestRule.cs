using System.Collections.Immutable;

namespace Ambient.Core.Policies.Requests;

/// <summary>One of the sources, and one of the operations, and all conditions; an absent list holds always.</summary>
public sealed record RequestRule
{
    public ImmutableArray<RequestSource> From { get; init; } = [];

    public ImmutableArray<RequestOperation> To { get; init; } = [];

    public ImmutableArray<RequestCondition> When { get; init; } = [];
}
