using System.Collections.Immutable;

namespace Ambient.Compile.Reports;

/// <summary>What to write in the status of one object. Equality is structural, so that an unchanged report is not written again.</summary>
public sealed record StatusReport
{
    public required string ApiVersion { get; init; }

    public required string Kind { get; init; }

    public required string Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary><c>metadata.generation</c> that was judged; 0 offline.</summary>
    public long Generation { get; init; }

    /// <summary>Goes to <c>status.conditions</c>, each with <c>observedGeneration</c>.</summary>
    public ImmutableArray<Condition> Conditions { get; init; } = [];

    public bool Equals(StatusReport? other) =>
        other is not null && ApiVersion == other.ApiVersion && Kind == other.Kind && Namespace == other.Namespace
        && Name == other.Name && Generation == other.Generation && Conditions.SequenceEqual(other.Conditions);

    public override int GetHashCode() => HashCode.Combine(Kind, Namespace, Name, Generation, Conditions.Length);
}
