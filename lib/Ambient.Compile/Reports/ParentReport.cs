using System.Collections.Immutable;

namespace Ambient.Compile.Reports;

/// <summary>An entry of a route's <c>status.parents</c>; entries of other controllers are not ours to write.</summary>
public sealed record ParentReport(ParentRef Ref, string ControllerName, ImmutableArray<Condition> Conditions)
{
    public bool Equals(ParentReport? other) =>
        other is not null && Ref == other.Ref && ControllerName == other.ControllerName && Conditions.SequenceEqual(other.Conditions);

    public override int GetHashCode() => HashCode.Combine(Ref, ControllerName, Conditions.Length);
}
