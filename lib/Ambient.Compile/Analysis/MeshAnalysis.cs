using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Analysis;

/// <summary>
/// All that there is to say about a set of objects: what compiling them found, and what only shows when the whole is looked at. Pure; for people
/// and their CI, not for the operator, whose work follows a change.
/// </summary>
public static class MeshAnalysis
{
    /// <param name="objects">What <paramref name="compiled"/> was made of.</param>
    /// <returns>Ordered by level, object and field; each once.</returns>
    public static ImmutableArray<Finding> Of(ImmutableArray<JsonObject> objects, CompileResult compiled)
    {
        ArgumentNullException.ThrowIfNull(compiled);
        var written = new WrittenObjects(objects);
        return
        [
            .. compiled.Findings
                .Concat(ShadowedRules.Find(compiled))
                .Concat(UnevenWeights.Find(written))
                .Concat(WithoutWaypoint.Find(compiled))
                .Concat(EmptySubsets.Find(written, compiled))
                .Concat(PolicyReach.Find(compiled))
                .Concat(WaypointAccounts.Find(written, compiled))
                .Concat(PlaintextCallers.Find(written, compiled))
                .Concat(DeprecatedFields.Find(written))
                .Distinct()
                .OrderByDescending(static f => f.Level).ThenBy(static f => f.Kind, StringComparer.Ordinal).ThenBy(static f => f.Namespace, StringComparer.Ordinal)
                .ThenBy(static f => f.Name, StringComparer.Ordinal).ThenBy(static f => f.Field, StringComparer.Ordinal).ThenBy(static f => f.Code, StringComparer.Ordinal),
        ];
    }

    internal static Finding Finding(string code, FindingLevel level, ObjectKey key, string field, string message) =>
        new(code, level, key.Kind[(key.Kind.LastIndexOf('/') + 1)..], key.Namespace, key.Name, field, message);
}
