using System.Text.Json.Nodes;
using Ambient.Compile.Reports;
using Ambient.Resources.Istio;
using Ambient.Resources.Schemas;

namespace Ambient.Compile.Sources;

/// <summary>Checks that all security kinds share: nothing unknown, nothing of the wrong type, a selector that can select.</summary>
internal static class SecurityChecks
{
    public static List<Finding> Schema<TSpec>(JsonNode? spec, SourceMeta meta) where TSpec : class
    {
        try
        {
            return [.. ResourceReader.Check<TSpec>(spec).Select(p => Error(
                meta, p.Kind == FieldProblemKind.Unknown ? FindingCodes.UnknownField : FindingCodes.InvalidField, p.Path, p.Message))];
        }
        catch (Exception e) when (JsonView.IsUnreadable(e))
        {
            return [Error(meta, FindingCodes.InvalidField, "spec", JsonView.NotText)];
        }
    }

    public static IEnumerable<Finding> Selector(WorkloadSelector? selector, SourceMeta meta)
    {
        foreach (var (label, value) in selector?.MatchLabels ?? new Dictionary<string, string>())
        {
            // A map of YAML can hold null.
            if (label.Length == 0 || label.Contains('*', StringComparison.Ordinal) || value is null || value.Contains('*', StringComparison.Ordinal))
            {
                yield return Error(meta, FindingCodes.InvalidField, $"spec.selector.matchLabels.{label}", "must name a label and its exact value; stars are not allowed");
            }
        }
    }

    public static Finding Error(SourceMeta meta, string code, string field, string message) =>
        new(code, FindingLevel.Error, meta.Kind, meta.Namespace, meta.Name, field, message);

    /// <summary>The selector of an otherwise bad spec, when it is certain what it means; otherwise null: the whole namespace.</summary>
    public static IReadOnlyDictionary<string, string>? ReadableSelector(JsonNode? spec)
    {
        var selector = (spec as JsonObject)?["selector"];
        if (selector is null || SchemaProblems(selector))
        {
            return null;
        }

        var read = ResourceReader.Read<WorkloadSelector>(selector);
        return read.MatchLabels is { Count: > 0 } labels && labels.All(static l => l.Value is not null && !l.Value.Contains('*', StringComparison.Ordinal)) ? labels : null;
    }

    private static bool SchemaProblems(JsonNode selector)
    {
        try
        {
            return ResourceReader.Check<WorkloadSelector>(selector).Count > 0;
        }
        catch (Exception e) when (JsonView.IsUnreadable(e))
        {
            return true;
        }
    }
}
