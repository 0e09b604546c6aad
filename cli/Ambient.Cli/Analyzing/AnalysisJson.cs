using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ambient.Compile.Reports;

namespace Ambient.Cli.Analyzing;

/// <summary>Findings for programs: <c>{"findings":[{"code","level","object":{"kind","namespace","name"},"field","message","fix"}],"summary":{"error","warning","info"}}</c>.</summary>
internal static class AnalysisJson
{
    public static JsonObject Of(ImmutableArray<Finding> findings) => new()
    {
        ["findings"] = new JsonArray([.. findings.Select(Of)]),
        ["summary"] = new JsonObject
        {
            ["error"] = findings.Count(f => f.Level == FindingLevel.Error),
            ["warning"] = findings.Count(f => f.Level == FindingLevel.Warning),
            ["info"] = findings.Count(f => f.Level == FindingLevel.Info),
        },
    };

    private static JsonNode Of(Finding finding) => new JsonObject
    {
        ["code"] = finding.Code,
        ["level"] = finding.Level.ToString().ToLowerInvariant(),
        ["object"] = new JsonObject { ["kind"] = finding.Kind, ["namespace"] = finding.Namespace, ["name"] = finding.Name },
        ["field"] = finding.Field,
        ["message"] = finding.Message,
        ["fix"] = FindingHelp.FixOf(finding.Code),
    };
}
