using System.Collections.Immutable;

namespace Ambient.Compile.Reports;

/// <summary>An entry of a Gateway's <c>status.listeners</c>. Kinds are qualified: <c>group/Kind</c>.</summary>
public sealed record ListenerReport(string Name, ImmutableArray<string> SupportedKinds, int AttachedRoutes, ImmutableArray<Condition> Conditions)
{
    public bool Equals(ListenerReport? other) =>
        other is not null && Name == other.Name && AttachedRoutes == other.AttachedRoutes
        && SupportedKinds.SequenceEqual(other.SupportedKinds) && Conditions.SequenceEqual(other.Conditions);

    public override int GetHashCode() => HashCode.Combine(Name, AttachedRoutes, Conditions.Length);
}
