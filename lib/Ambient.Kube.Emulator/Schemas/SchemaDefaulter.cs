using System.Text.Json.Nodes;

namespace Ambient.Kube.Emulator.Schemas;

/// <summary>Fills defaults that stand in the schema, in place, outside in.</summary>
internal static class SchemaDefaulter
{
    public static void Fill(JsonNode? value, Schema schema)
    {
        schema = schema.Shape;
        if (value is JsonObject o)
        {
            foreach ((string name, Schema use) in schema.Properties)
            {
                JsonNode? fallback = use.Default ?? use.Shape.Default;
                bool missing = !o.TryGetPropertyValue(name, out JsonNode? present);
                if (fallback is not null && (missing || (present is null && !use.Nullable)))
                {
                    o[name] = fallback.DeepClone();
                }
            }

            foreach (KeyValuePair<string, JsonNode?> field in o)
            {
                if (field.Value is not null && schema.Field(field.Key) is { } child)
                {
                    Fill(field.Value, child);
                }
            }
        }
        else if (value is JsonArray list && schema.Items is { } items)
        {
            foreach (JsonNode? item in list)
            {
                Fill(item, items);
            }
        }
    }
}
