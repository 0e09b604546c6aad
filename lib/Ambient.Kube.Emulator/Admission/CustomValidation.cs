using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Schemas;
using Ambient.Kube.Emulator.Serving;

namespace Ambient.Kube.Emulator.Admission;

/// <summary>Checks a custom resource by its CRD's schema. CEL rules (x-kubernetes-validations) are not evaluated.</summary>
internal static class CustomValidation
{
    private const int MaxErrors = 20;

    public static void Check(JsonNode? value, Schema schema, string path, List<FieldError> errors)
    {
        if (errors.Count >= MaxErrors)
        {
            return;
        }

        // Metadata has rules of its own.
        if (schema.Target is not null)
        {
            return;
        }

        if (!TypeFits(value, schema, path, errors))
        {
            return;
        }

        if (schema.Enum is { } allowed && !allowed.Any(a => JsonNode.DeepEquals(a, value)))
        {
            errors.Add(FieldError.NotSupported(Root(path), value, allowed.Select(a => a.Plain() ?? "null")));
        }

        switch (value)
        {
            case JsonObject o:
                CheckObject(o, schema, path, errors);
                break;
            case JsonArray a:
                CheckArray(a, schema, path, errors);
                break;
            case JsonValue v:
                ScalarValidation.Check(v, schema, path, errors);
                break;
        }

        Combined(value, schema, path, errors);
    }

    private static bool TypeFits(JsonNode? value, Schema schema, string path, List<FieldError> errors)
    {
        if (value is null)
        {
            if (!schema.Nullable && schema.Type is not null)
            {
                errors.Add(FieldError.WrongType(Root(path), "null", $"{Root(path)} in body must be of type {schema.Type}: \"null\""));
            }

            return false;
        }

        JsonValueKind kind = value.GetValueKind();
        bool whole = kind == JsonValueKind.Number && IsWhole(value);
        bool fits = schema.IntOrString ? kind == JsonValueKind.String || whole : schema.Type switch
        {
            "object" => kind == JsonValueKind.Object,
            "array" => kind == JsonValueKind.Array,
            "string" => kind == JsonValueKind.String,
            "boolean" => kind is JsonValueKind.True or JsonValueKind.False,
            "integer" => whole,
            "number" => kind == JsonValueKind.Number,
            _ => true,
        };
        if (!fits)
        {
            string given = kind switch
            {
                JsonValueKind.Object => "object",
                JsonValueKind.Array => "array",
                JsonValueKind.String => "string",
                JsonValueKind.Number => whole ? "integer" : "number",
                _ => "boolean",
            };
            string expected = schema.IntOrString ? "integer,string" : schema.Type!;
            errors.Add(FieldError.WrongType(Root(path), given, $"{Root(path)} in body must be of type {expected}: \"{given}\""));
        }

        return fits;
    }

    private static void CheckObject(JsonObject o, Schema schema, string path, List<FieldError> errors)
    {
        foreach (string name in schema.Required)
        {
            if (!o.ContainsKey(name))
            {
                errors.Add(FieldError.Required(Join(path, name)));
            }
        }

        if (schema.Checks is { } c)
        {
            if (o.Count < c.MinProperties)
            {
                errors.Add(FieldError.Invalid(Root(path), o.DeepClone(), $"{Root(path)} in body should have at least {c.MinProperties} properties"));
            }

            if (o.Count > c.MaxProperties)
            {
                errors.Add(FieldError.TooMany(Root(path), o.Count, c.MaxProperties.Value));
            }
        }

        foreach ((string name, JsonNode? field) in o)
        {
            if ((schema.Properties.GetValueOrDefault(name) ?? schema.AdditionalProperties) is { } use)
            {
                Check(field, use, Join(path, name), errors);
            }
        }
    }

    private static void CheckArray(JsonArray list, Schema schema, string path, List<FieldError> errors)
    {
        if (schema.Checks is { } c)
        {
            if (list.Count < c.MinItems)
            {
                errors.Add(FieldError.Invalid(path, list.Count, $"{path} in body should have at least {c.MinItems} items"));
            }

            if (list.Count > c.MaxItems)
            {
                errors.Add(FieldError.TooMany(path, list.Count, c.MaxItems.Value));
            }
        }

        if (schema.ListType is "map" or "set" || schema.Checks?.UniqueItems == true)
        {
            Duplicates(list, schema, path, errors);
        }

        for (int i = 0; i < list.Count && schema.Items is not null; i++)
        {
            Check(list[i], schema.Items, $"{path}[{i}]", errors);
        }
    }

    private static void Duplicates(JsonArray list, Schema schema, string path, List<FieldError> errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < list.Count; i++)
        {
            JsonNode? item = list[i];
            JsonNode? id = schema.ListType == "map"
                ? new JsonObject(schema.ListMapKeys.Select(k => KeyValuePair.Create(k, (item.At(k) ?? schema.Items?.Properties.GetValueOrDefault(k)?.Default)?.DeepClone())))
                : item?.DeepClone();
            if (!seen.Add(id?.ToJsonString() ?? "null"))
            {
                errors.Add(FieldError.Duplicate($"{path}[{i}]", id));
            }
        }
    }

    private static void Combined(JsonNode? value, Schema schema, string path, List<FieldError> errors)
    {
        if (schema.Checks is not { } c)
        {
            return;
        }

        foreach (Schema part in c.AllOf)
        {
            Check(value, part, path, errors);
        }

        if (c.AnyOf.Length > 0 && !c.AnyOf.Any(s => Passes(value, s)))
        {
            errors.Add(FieldError.Invalid(Root(path), "", $"\"{path}\" must validate at least one schema (anyOf)"));
        }

        if (c.OneOf.Length > 0 && c.OneOf.Count(s => Passes(value, s)) is var n and not 1)
        {
            errors.Add(FieldError.Invalid(Root(path), "", $"\"{path}\" must validate one and only one schema (oneOf). Found {(n == 0 ? "none valid" : $"{n} valid alternatives")}"));
        }

        if (c.Not is { } not && Passes(value, not))
        {
            errors.Add(FieldError.Invalid(Root(path), "", $"\"{path}\" must not validate the schema (not)"));
        }
    }

    private static bool Passes(JsonNode? value, Schema schema)
    {
        var errors = new List<FieldError>();
        Check(value, schema, "", errors);
        return errors.Count == 0;
    }

    private static bool IsWhole(JsonNode value) =>
        double.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double d) && Math.Floor(d) == d;

    private static string Root(string path) => path.Length == 0 ? "<nil>" : path;

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
