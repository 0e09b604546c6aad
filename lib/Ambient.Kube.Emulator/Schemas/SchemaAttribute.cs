using System.Globalization;
using System.Text.Json.Nodes;

namespace Ambient.Kube.Emulator.Schemas;

/// <summary>One word after a field's type in a .schema file.</summary>
internal static class SchemaAttribute
{
    public static void Apply(Schema field, string word)
    {
        switch (word)
        {
            case "set":
                field.ListType = "set";
                break;
            case "patch":
                field.PatchMergeKey = "";
                break;
            case "retain":
                field.PatchRetainKeys = true;
                break;
            case "atomic":
                field.AtomicMap = true;
                break;
            case "replace":
                break;
            case ['#', ..]:
                field.Wire = [.. word[1..].Split('.').Select(n => int.Parse(n, CultureInfo.InvariantCulture))];
                break;
            case ['=', ..]:
                field.Default = DefaultOf(field, word[1..]);
                break;
            case ['|', ..]:
                field.Enum = [.. word[1..].Split('|').Select(v => (JsonNode)v)];
                break;
            case ['m', 'a', 'p', '=', ..]:
                field.ListType = "map";
                field.ListMapKeys = word[4..].Split(',');
                break;
            case ['m', 'e', 'r', 'g', 'e', '=', ..]:
                field.PatchMergeKey = word[6..];
                break;
            default:
                throw new InvalidOperationException($"a .schema file has the unknown attribute {word}");
        }
    }

    private static JsonNode DefaultOf(Schema field, string text) => field.Type switch
    {
        "integer" => long.Parse(text, CultureInfo.InvariantCulture),
        "boolean" => text == "true",
        _ when text == "{}" => new JsonObject(),
        _ => text == "\"\"" ? "" : text,
    };
}
