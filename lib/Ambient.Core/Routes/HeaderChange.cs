using System.Collections.Immutable;

namespace Ambient.Core.Routes;

/// <summary>
/// Applied in this order: remove, set (replace or add), add (one more). Names are lower-case. <c>host</c> and <c>:authority</c> in
/// <see cref="Set"/> of a request mean the authority.
/// </summary>
public sealed record HeaderChange
{
    public static HeaderChange None { get; } = new();

    public ImmutableArray<string> Remove { get; init; } = [];

    public ImmutableArray<HeaderValue> Set { get; init; } = [];

    public ImmutableArray<HeaderValue> Add { get; init; } = [];

    public bool IsEmpty => Remove.IsEmpty && Set.IsEmpty && Add.IsEmpty;
}
