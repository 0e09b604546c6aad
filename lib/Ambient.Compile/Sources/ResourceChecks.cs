using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ambient.Compile.Reports;
using Ambient.Resources.Schemas;

namespace Ambient.Compile.Sources;

/// <summary>Reads kinds where an unknown field is no danger: it is reported, and what is known counts.</summary>
internal static class ResourceChecks
{
    /// <summary>The spec, or null with the refusal; unknown fields come back as notes.</summary>
    public static (TSpec? Spec, Refusal? Refusal, ImmutableArray<Finding> Notes) Read<TSpec>(
        JsonNode? spec, SourceMeta meta, bool hasOld, Func<TSpec, IEnumerable<Finding>> check) where TSpec : class, new()
    {
        var problems = ResourceReader.Check<TSpec>(spec);
        var invalid = problems.Where(static p => p.Kind == FieldProblemKind.Invalid)
            .Select(p => SecurityChecks.Error(meta, FindingCodes.InvalidField, p.Path, p.Message)).ToList();
        TSpec? read = null;
        if (invalid.Count == 0)
        {
            read = ResourceReader.Read<TSpec>(spec);
            invalid.AddRange(check(read));
        }

        var notes = problems.Where(static p => p.Kind == FieldProblemKind.Unknown).Select(p => new Finding(
            FindingCodes.UnknownField, FindingLevel.Warning, meta.Kind, meta.Namespace, meta.Name, p.Path, p.Message)).ToImmutableArray();
        return invalid.Count == 0
            ? (read, null, notes)
            : (null, new Refusal(meta.Generation, [.. invalid], "Invalid", hasOld), notes);
    }

    /// <summary>The report of an object that is either in force or refused.</summary>
    public static StatusReport Report(SourceMeta meta, Refusal? refusal, string consequence, params ImmutableArray<Condition> further) => new()
    {
        ApiVersion = meta.ApiVersion,
        Kind = meta.Kind,
        Namespace = meta.Namespace,
        Name = meta.Name,
        Generation = refusal?.Generation ?? meta.Generation,
        Conditions = refusal is not null
            ? [RefusalReports.Condition(refusal, consequence)]
            : further.IsEmpty ? [Condition.True(Condition.Accepted, "Accepted", "in force")] : further,
    };

    public static ImmutableArray<Finding> Findings(SourceMeta meta, Refusal? refusal, ImmutableArray<Finding> notes) => refusal is null
        ? notes
        : [.. refusal.Problems, .. notes, new Finding(
            refusal.LastGoodInForce ? FindingCodes.LastGoodKept : FindingCodes.InvalidObject, FindingLevel.Error, meta.Kind, meta.Namespace, meta.Name, "",
            refusal.LastGoodInForce ? "refused: the last good version stays in force" : "refused: it has no effect until it is repaired")];
}
