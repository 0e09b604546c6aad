using System.Text.Json.Nodes;
using Ambient.Compile.Reports;
using Ambient.Compile.Routes;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Analysis;

/// <summary>Fields that work and have a newer name.</summary>
internal static class DeprecatedFields
{
    private const int MaxDepth = 16;

    private static readonly Dictionary<string, Dictionary<string, string>> Fields = new(StringComparer.Ordinal)
    {
        [RouteKind.DestinationRule] = new(StringComparer.Ordinal)
        {
            ["consecutiveErrors"] = "consecutive5xxErrors",
            ["warmupDurationSecs"] = "warmup.duration",
        },
        [RouteKind.VirtualService] = new(StringComparer.Ordinal)
        {
            ["mirrorPercent"] = "mirrorPercentage",
            ["mirror_percent"] = "mirrorPercentage",
            ["percent"] = "percentage.value",
            ["allowOrigin"] = "allowOrigins",
            ["websocketUpgrade"] = "nothing: WebSockets always work",
        },
        [KnownKinds.AuthorizationPolicy] = new(StringComparer.Ordinal) { ["targetRef"] = "targetRefs" },
    };

    public static IEnumerable<Finding> Find(WrittenObjects written) => written.All
        .Where(static o => Fields.ContainsKey(o.Key.Kind))
        .SelectMany(static o => In(o.Content["spec"], "spec", Fields[o.Key.Kind], 0).Select(f => MeshAnalysis.Finding(
            FindingCodes.DeprecatedField, FindingLevel.Info, o.Key, f.Path, $"is an old name; write {f.Instead}")));

    private static IEnumerable<(string Path, string Instead)> In(JsonNode? node, string path, Dictionary<string, string> fields, int depth) => node switch
    {
        _ when depth > MaxDepth => [],
        JsonObject map => map.SelectMany(p => (fields.TryGetValue(p.Key, out string? instead) ? [($"{path}.{p.Key}", instead)] : Array.Empty<(string, string)>())
            .Concat(In(p.Value, $"{path}.{p.Key}", fields, depth + 1))),
        JsonArray list => list.SelectMany((item, i) => In(item, $"{path}[{i}]", fields, depth + 1)),
        _ => [],
    };
}
