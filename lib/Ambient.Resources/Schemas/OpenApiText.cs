using System.Text.Json.Nodes;

namespace Ambient.Resources.Schemas;

/// <summary>Schema → the structural OpenAPI v3 schema of a CRD.</summary>
internal static class OpenApiText
{
    public static JsonObject Of(FieldSchema schema)
    {
        var result = new JsonObject();
        if (schema.Description.Length > 0)
        {
            result["description"] = schema.Description;
        }

        switch (schema.Type)
        {
            case FieldType.Object:
                Object(result, schema);
                break;
            case FieldType.Array:
                result["type"] = "array";
                Add(result, "maxItems", schema.MaxItems);
                result["items"] = Of(schema.Items!);
                break;
            case FieldType.IntOrString:
                result["x-kubernetes-int-or-string"] = true;
                break;
            case FieldType.Any:
                result["x-kubernetes-preserve-unknown-fields"] = true;
                break;
            default:
                Scalar(result, schema);
                break;
        }

        return result;
    }

    private static void Object(JsonObject result, FieldSchema schema)
    {
        result["type"] = "object";
        Add(result, "maxProperties", schema.MaxItems);
        if (schema.Open)
        {
            result["x-kubernetes-preserve-unknown-fields"] = true;
        }

        if (schema.Values is { Type: FieldType.Any })
        {
            result["x-kubernetes-preserve-unknown-fields"] = true;
        }
        else if (schema.Values is not null)
        {
            result["additionalProperties"] = Of(schema.Values);
        }

        if (!schema.Required.IsEmpty)
        {
            result["required"] = new JsonArray([.. schema.Required.Select(static r => (JsonNode)r)]);
        }

        if (!schema.Properties.IsEmpty)
        {
            result["properties"] = new JsonObject(schema.Properties.Select(static p => KeyValuePair.Create(p.Key, (JsonNode?)Of(p.Value))));
        }
    }

    private static void Scalar(JsonObject result, FieldSchema schema)
    {
        result["type"] = schema.Type switch
        {
            FieldType.String => "string",
            FieldType.Integer => "integer",
            FieldType.Number => "number",
            _ => "boolean",
        };
        if (schema.Type == FieldType.Integer)
        {
            result["format"] = "int64";
        }

        Add(result, "maxLength", schema.MaxLength);
        AddNumber(result, "minimum", schema.Minimum);
        AddNumber(result, "maximum", schema.Maximum);
        if (!schema.OneOf.IsEmpty)
        {
            result["enum"] = new JsonArray([.. schema.OneOf.Select(static v => (JsonNode)v)]);
        }
    }

    private static void Add(JsonObject result, string name, int? value)
    {
        if (value is { } number)
        {
            result[name] = number;
        }
    }

    private static void AddNumber(JsonObject result, string name, double? value)
    {
        if (value is { } number)
        {
            result[name] = number == Math.Floor(number) ? JsonValue.Create((long)number) : JsonValue.Create(number);
        }
    }
}
