using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ambient.Kube.Emulator.Serving;

namespace Ambient.Kube.Emulator.Printing;

/// <summary>The JSON paths that printer columns use: fields, <c>['quoted']</c>, <c>[0]</c>, <c>[*]</c>, <c>[?(@.type=="Ready")]</c>.</summary>
internal sealed partial class JsonPathExpression
{
    private readonly List<Func<JsonNode?, IEnumerable<JsonNode?>>> steps = [];

    public static JsonPathExpression Parse(string text)
    {
        var path = new JsonPathExpression();
        foreach (Match m in Step.Matches(text.Replace("\\.", "\u0001", StringComparison.Ordinal)))
        {
            path.steps.Add(Read(m));
        }

        return path;
    }

    public List<JsonNode?> Find(JsonNode root)
    {
        IEnumerable<JsonNode?> found = [root];
        foreach (Func<JsonNode?, IEnumerable<JsonNode?>> step in steps)
        {
            found = [.. found.SelectMany(step)];
        }

        return [.. found];
    }

    private static Func<JsonNode?, IEnumerable<JsonNode?>> Read(Match m)
    {
        if (m.Groups["field"].Success)
        {
            string name = m.Groups["field"].Value.Replace('\u0001', '.');
            return name == "*" ? All : n => Field(n, name);
        }

        if (m.Groups["quoted"].Success)
        {
            string name = m.Groups["quoted"].Value.Replace('\u0001', '.');
            return n => Field(n, name);
        }

        if (m.Groups["index"].Success)
        {
            int index = int.Parse(m.Groups["index"].Value, CultureInfo.InvariantCulture);
            return n => n is JsonArray a && (index < 0 ? a.Count + index : index) is var i && i >= 0 && i < a.Count ? [a[i]] : [];
        }

        if (m.Groups["key"].Success)
        {
            string[] key = m.Groups["key"].Value.Split('.');
            (string op, string value) = (m.Groups["op"].Value, m.Groups["value"].Value.Trim('\'', '"'));
            return n => n is JsonArray a ? a.Where(i => (i.At(key).Plain() == value) == (op != "!=")) : [];
        }

        return All;
    }

    private static IEnumerable<JsonNode?> All(JsonNode? n) => n switch { JsonArray a => a, JsonObject o => o.Select(f => f.Value), _ => [] };

    private static IEnumerable<JsonNode?> Field(JsonNode? n, string name) =>
        n is JsonObject o && o.TryGetPropertyValue(name, out JsonNode? v) && v is not null ? [v] : [];

    [GeneratedRegex("""\.?(?<field>[A-Za-z_*][^.\[\]]*)|\[\s*['"](?<quoted>[^'"]+)['"]\s*\]|\[(?<index>-?[0-9]+)\]|\[\?\(\s*@\.(?<key>[^=!\s]+)\s*(?<op>==|!=)\s*(?<value>'[^']*'|"[^"]*"|[^)\s]+)\s*\)\]|\[\*\]""")]
    private static partial Regex Step { get; }
}
