using System.Text.Json;
using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Types;

namespace Ambient.Kube.Emulator.Printing;

/// <summary>additionalPrinterColumns of a CRD version; Name alone and Age where it has none.</summary>
internal static class CustomColumns
{
    public static IReadOnlyList<Column> Of(CustomType custom) => custom.Columns.Count == 0
        ? [Columns.Name, Columns.Age]
        : [Columns.Name, .. custom.Columns.Select(From)];

    private static Column From(JsonObject column)
    {
        string type = column.Text("type") ?? "string";
        JsonPathExpression path = JsonPathExpression.Parse(column.Text("jsonPath") ?? "");
        return new Column(column.Text("name") ?? "", (o, now) => Cell(type, path.Find(o), now))
        {
            Type = type,
            Format = column.Text("format") ?? "",
            Description = column.Text("description") ?? "",
            Priority = (int)(column.Number("priority") ?? 0),
        };
    }

    private static JsonNode? Cell(string type, List<JsonNode?> found, DateTimeOffset now)
    {
        if (found.Count == 0)
        {
            return null;
        }

        JsonNode? first = found[0];
        return type switch
        {
            "date" => first.Plain() is { } at ? Ages.Since(at, now) : null,
            "integer" or "number" when first?.GetValueKind() == JsonValueKind.Number => first.DeepClone(),
            "boolean" when first?.GetValueKind() is JsonValueKind.True or JsonValueKind.False => first.DeepClone(),
            "string" => string.Join(',', found.Select(f => f.Plain() ?? "").ToArray()),
            _ => null,
        };
    }
}
