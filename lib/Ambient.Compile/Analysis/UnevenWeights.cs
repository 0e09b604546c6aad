using System.Globalization;
using System.Text.Json.Nodes;
using Ambient.Compile.Reports;
using Ambient.Compile.Routes;

namespace Ambient.Compile.Analysis;

/// <summary>Weights of a VirtualService that do not sum to 100: they are shares of their sum, which may not be what was meant.</summary>
internal static class UnevenWeights
{
    public static IEnumerable<Finding> Find(WrittenObjects written)
    {
        foreach (var (key, content) in written.Of(RouteKind.VirtualService))
        {
            foreach (string part in new[] { "http", "tls", "tcp" })
            {
                if ((content["spec"] as JsonObject)?[part] is not JsonArray rules)
                {
                    continue;
                }

                for (int i = 0; i < rules.Count; i++)
                {
                    if ((rules[i] as JsonObject)?["route"] is JsonArray { Count: > 1 } route && Sum(route) is var sum and > 0 and not 100)
                    {
                        yield return MeshAnalysis.Finding(FindingCodes.WeightsNotHundred, FindingLevel.Info, key, $"spec.{part}[{i}].route",
                            $"weights sum to {sum}, not to 100: each destination gets its share of {sum}");
                    }
                }
            }
        }
    }

    private static long Sum(JsonArray route) => route.OfType<JsonObject>()
        .Sum(static d => long.TryParse(d["weight"]?.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out long weight) ? weight : 0);
}
