using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Ambient.Kube.Emulator.Serving;

/// <summary>YAML documents as JSON, plain scalars by the JSON-compatible core rules that Kubernetes' tools use.</summary>
internal static partial class YamlText
{
    private const int MaxNodes = 200_000;

    public static JsonNode? Parse(string text) => ParseAll(text).FirstOrDefault();

    public static IEnumerable<JsonNode?> ParseAll(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        int budget = MaxNodes;
        return [.. stream.Documents.Select(d => Convert(d.RootNode, ref budget, 0))];
    }

    private static JsonNode? Convert(YamlNode node, ref int budget, int depth)
    {
        if (--budget < 0 || depth > 128)
        {
            throw new FormatException("the document is too large once its aliases are followed");
        }

        switch (node)
        {
            case YamlMappingNode map:
                var o = new JsonObject();
                foreach ((YamlNode key, YamlNode value) in map)
                {
                    o[((YamlScalarNode)key).Value ?? ""] = Convert(value, ref budget, depth + 1);
                }

                return o;
            case YamlSequenceNode list:
                var a = new JsonArray();
                foreach (YamlNode item in list)
                {
                    a.Add(Convert(item, ref budget, depth + 1));
                }

                return a;
            default:
                var scalar = (YamlScalarNode)node;
                return scalar.Style == ScalarStyle.Plain ? Scalar(scalar.Value ?? "") : JsonValue.Create(scalar.Value);
        }
    }

    private static JsonNode? Scalar(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => null,
        "true" or "True" or "TRUE" => true,
        "false" or "False" or "FALSE" => false,
        _ when Integer.IsMatch(text) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long n) => n,
        _ when Octal.IsMatch(text) => System.Convert.ToInt64(text.TrimStart('0', 'o'), 8),
        _ when Real.IsMatch(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double d) && double.IsFinite(d) => d,
        _ => text,
    };

    [GeneratedRegex("^[-+]?(0|[1-9][0-9]*)$")]
    private static partial Regex Integer { get; }

    [GeneratedRegex("^0o?[0-7]*[1-7][0-7]*$")]
    private static partial Regex Octal { get; }

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$")]
    private static partial Regex Real { get; }
}
