using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ambient.Resources.Schemas;

/// <summary>
/// Checks a JSON value against a schema: what an API server would refuse, and the fields that nobody declared, which it would keep
/// in an open object. Reports at most <see cref="MaxProblems"/>.
/// </summary>
internal sealed class SchemaCheck
{
    public const int MaxProblems = 20;

    private readonly List<FieldProblem> _problems = [];

    public static IReadOnlyList<FieldProblem> Check(JsonNode? value, FieldSchema schema, string path)
    {
        var check = new SchemaCheck();
        check.Value(value, schema, path);
        return check._problems;
    }

    private void Value(JsonNode? value, FieldSchema schema, string path)
    {
        // An explicit null is an absent field.
        if (value is null || schema.Type == FieldType.Any || _problems.Count >= MaxProblems)
        {
            return;
        }

        switch (schema.Type)
        {
            case FieldType.Object when value is JsonObject o:
                Object(o, schema, path);
                break;
            case FieldType.Array when value is JsonArray a:
                Array(a, schema, path);
                break;
            case FieldType.String when value.GetValueKind() == JsonValueKind.String:
                Text(value.GetValue<string>(), schema, path);
                break;
            case FieldType.Integer or FieldType.Number when value.GetValueKind() == JsonValueKind.Number:
                Number(value, schema, path);
                break;
            case FieldType.Boolean when value.GetValueKind() is JsonValueKind.True or JsonValueKind.False:
            case FieldType.IntOrString when value.GetValueKind() is JsonValueKind.Number or JsonValueKind.String:
                break;
            default:
                Invalid(path, $"must be {Named(schema.Type)}, not {Named(value)}");
                break;
        }
    }

    private void Object(JsonObject value, FieldSchema schema, string path)
    {
        if (schema.MaxItems is { } max && value.Count > max)
        {
            Invalid(path, $"has {value.Count} entries, at most {max} are allowed");
            return;
        }

        foreach (var (name, field) in value)
        {
            string fieldPath = path.Length == 0 ? name : $"{path}.{name}";
            if (schema.Values is { } values)
            {
                Value(field, values, fieldPath);
            }
            else if (schema.Property(name) is { } property)
            {
                Value(field, property, fieldPath);
            }
            else if (_problems.Count < MaxProblems)
            {
                _problems.Add(new(fieldPath, FieldProblemKind.Unknown, Unknown(name, schema)));
            }
        }

        foreach (string name in schema.Required)
        {
            if (value[name] is null)
            {
                Invalid(path.Length == 0 ? name : $"{path}.{name}", "is required");
            }
        }
    }

    private void Array(JsonArray value, FieldSchema schema, string path)
    {
        if (schema.MaxItems is { } max && value.Count > max)
        {
            Invalid(path, $"has {value.Count} items, at most {max} are allowed");
            return;
        }

        for (int i = 0; i < value.Count; i++)
        {
            if (value[i] is null)
            {
                Invalid($"{path}[{i}]", "must not be null");
            }

            Value(value[i], schema.Items!, $"{path}[{i}]");
        }
    }

    private void Text(string value, FieldSchema schema, string path)
    {
        if (schema.MaxLength is { } max && value.Length > max)
        {
            Invalid(path, $"has {value.Length} characters, at most {max} are allowed");
        }
        else if (!schema.OneOf.IsEmpty && !schema.OneOf.Contains(value))
        {
            Invalid(path, $"'{Shortened(value)}' is not one of {string.Join(", ", schema.OneOf)}");
        }
    }

    private void Number(JsonNode value, FieldSchema schema, string path)
    {
        if (schema.Type == FieldType.Integer && !long.TryParse(value.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
        {
            Invalid(path, "must be a whole number");
            return;
        }

        double number = double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture);
        if (number < schema.Minimum || number > schema.Maximum)
        {
            Invalid(path, string.Create(CultureInfo.InvariantCulture, $"{number} is out of range ({schema.Minimum} to {schema.Maximum})"));
        }
    }

    private void Invalid(string path, string message)
    {
        if (_problems.Count < MaxProblems)
        {
            _problems.Add(new(path, FieldProblemKind.Invalid, message));
        }
    }

    private static string Unknown(string name, FieldSchema schema)
    {
        foreach (var property in schema.Properties)
        {
            if (string.Equals(property.Key, name, StringComparison.OrdinalIgnoreCase) || Near.OneEdit(property.Key, name))
            {
                return $"is not a field of this kind; did you mean {property.Key}?";
            }
        }

        return "is not a field of this kind; remove it or correct its name";
    }

    private static string Named(FieldType type) => type switch
    {
        FieldType.Object => "an object",
        FieldType.Array => "a list",
        FieldType.String => "text",
        FieldType.Integer => "a whole number",
        FieldType.Number => "a number",
        FieldType.Boolean => "true or false",
        FieldType.IntOrString => "a number or text",
        FieldType.Any => "anything",
        _ => throw new InvalidOperationException($"unknown type {type}"),
    };

    private static string Named(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "text",
        JsonValueKind.Number => "a number",
        _ => "true or false",
    };

    private static string Shortened(string value) => value.Length <= 64 ? value : value[..64] + "…";
}
