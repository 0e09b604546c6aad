using System.Collections.Immutable;

namespace Ambient.Core.Policies.Requests;

/// <summary>
/// An attribute that has one of the values and none of the others: <c>source.ip</c>, <c>request.headers[name]</c>,
/// <c>request.auth.claims[a][b]</c>, …
/// </summary>
public sealed record RequestCondition
{
    public required string Key { get; init; }

    public ImmutableArray<string> Values { get; init; } = [];

    public ImmutableArray<string> NotValues { get; init; } = [];
}
