using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ambient.Kube.Emulator.Schemas;

/// <summary>
/// Takes an incoming object to its stored form by its schema: drops what the schema does not know (and remembers it), drops nulls,
/// checks JSON types of built-ins. The object is changed in place.
/// </summary>
internal sealed class SchemaReader
{
    private const int MaxUnknown = 50;
    private readonly bool strictTypes;

    private SchemaReader(bool strictTypes) => this.strictTypes = strictTypes;

    /// <summary>Paths that the schema does not know, as <c>spec.x[0].y</c>.</summary>
    public List<string> Unknown { get; } = [];

    /// <summary>First value of a type that the field cannot take, as Go's decoder would complain.</summary>
    public string? TypeError { get; private set; }

    /// <param name="value">Object to read.</param>
    /// <param name="schema">Its shape.</param>
    /// <param name="strictTypes">Complain about JSON types here (built-ins) rather than in validation (custom resources).</param>
    public static SchemaReader Read(JsonObject value, Schema schema, bool strictTypes)
    {
        var reader = new SchemaReader(strictTypes);
        reader.Visit(value, schema.Shape, "");
        return reader;
    }

    private void Visit(JsonNode value, Schema schema, string path)
    {
        switch (value)
        {
            case JsonObject o:
                VisitObject(o, schema, path);
                break;
            case JsonArray list when schema.Items is { } items:
                for (int i = 0; i < list.Count; i++)
                {
                    if (list[i] is { } item)
                    {
                        CheckType(item, items, $"{path}[{i}]");
                        Visit(item, items.Shape, $"{path}[{i}]");
                    }
                }

                break;
        }
    }

    private void VisitObject(JsonObject o, Schema schema, string path)
    {
        if (schema.EmbeddedResource && schema.PreserveUnknown && schema.Properties.Count == 0)
        {
            return;
        }

        foreach (string name in o.Select(f => f.Key).ToArray())
        {
            string at = path.Length == 0 ? name : $"{path}.{name}";
            Schema? use = schema.Properties.GetValueOrDefault(name) ?? schema.AdditionalProperties;
            if (use is null)
            {
                Drop(o, schema, name, at);
                continue;
            }

            if (o[name] is not { } child)
            {
                if (strictTypes || (!use.Nullable && (use.Default ?? use.Shape.Default) is not null))
                {
                    o.Remove(name);
                }

                continue;
            }

            CheckType(child, use, at);
            Visit(child, use.Shape, at);
        }
    }

    private void Drop(JsonObject o, Schema schema, string name, string at)
    {
        if (schema.PreserveUnknown || (schema.EmbeddedResource && name is "apiVersion" or "kind" or "metadata"))
        {
            return;
        }

        if (schema.Type is null && schema.Properties.Count == 0)
        {
            return;
        }

        o.Remove(name);
        if (Unknown.Count < MaxUnknown)
        {
            Unknown.Add(at);
        }
    }

    private void CheckType(JsonNode value, Schema use, string at)
    {
        if (!strictTypes || TypeError is not null)
        {
            return;
        }

        Schema schema = use.Shape;
        JsonValueKind kind = value.GetValueKind();
        bool good = schema switch
        {
            { IntOrString: true } => kind is JsonValueKind.Number or JsonValueKind.String,
            { Type: null } => true,
            { Type: "string" } => kind == JsonValueKind.String,
            { Type: "boolean" } => kind is JsonValueKind.True or JsonValueKind.False,
            { Type: "integer" } => kind == JsonValueKind.Number && value.ToJsonString().IndexOfAny(['.', 'e', 'E']) < 0,
            { Type: "number" } => kind == JsonValueKind.Number,
            { Type: "array" } => kind == JsonValueKind.Array,
            _ => kind == JsonValueKind.Object,
        };
        if (!good)
        {
            TypeError = $"json: cannot unmarshal {Name(kind, value)} into Go struct field .{at} of type {GoName(schema)}";
        }
    }

    private static string Name(JsonValueKind kind, JsonNode value) => kind switch
    {
        JsonValueKind.String => "string",
        JsonValueKind.Number => value.ToJsonString().Contains('.', StringComparison.Ordinal) ? "number " + value.ToJsonString() : "number",
        JsonValueKind.True or JsonValueKind.False => "bool",
        JsonValueKind.Array => "array",
        _ => "object",
    };

    private static string GoName(Schema schema) => schema switch
    {
        { Type: "boolean" } => "bool",
        { Type: "integer" } => schema.Format ?? "int64",
        { Type: "array" } => "[]" + (schema.Items is { } i ? GoName(i.Shape) : "interface {}"),
        { Component: { } c } => "v1." + c[(c.LastIndexOf('.') + 1)..],
        { Type: "object" } => "map[string]" + (schema.AdditionalProperties is { } a ? GoName(a.Shape) : "interface {}"),
        _ => schema.Type ?? "interface {}",
    };
}
