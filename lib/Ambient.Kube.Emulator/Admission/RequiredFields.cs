using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Schemas;
using Ambient.Kube.Emulator.Serving;

namespace Ambient.Kube.Emulator.Admission;

/// <summary>Required fields, enums and duplicate list keys of built-in types, from their schema.</summary>
internal static class RequiredFields
{
    public static void Check(JsonNode? value, Schema schema, string path, List<FieldError> errors)
    {
        schema = schema.Shape;
        if (value is JsonObject o)
        {
            foreach (string name in schema.Required)
            {
                if (IsEmpty(o[name], schema.Properties[name]))
                {
                    errors.Add(FieldError.Required(Join(path, name)));
                }
            }

            foreach ((string name, JsonNode? field) in o)
            {
                // The server's own controllers write status; what they leave empty is their business.
                if (field is not null && !(path.Length == 0 && name == "status") && (schema.Properties.GetValueOrDefault(name) ?? schema.AdditionalProperties) is { } use)
                {
                    CheckUse(field, use, Join(path, name), errors);
                }
            }
        }
    }

    private static void CheckUse(JsonNode field, Schema use, string path, List<FieldError> errors)
    {
        if (use.Enum is { } allowed && field.Plain() is var text && !allowed.Any(a => a.Plain() == text))
        {
            errors.Add(FieldError.NotSupported(path, field, allowed.Select(a => a.Plain() ?? "")));
        }

        if (field is JsonArray list && use.Items is { } items)
        {
            Duplicates(list, use, path, errors);
            for (int i = 0; i < list.Count; i++)
            {
                Check(list[i], items, $"{path}[{i}]", errors);
            }

            return;
        }

        Check(field, use, path, errors);
    }

    private static void Duplicates(JsonArray list, Schema use, string path, List<FieldError> errors)
    {
        // ContainerPorts and topology spread may repeat in real clusters: only names are unique there.
        if (use.ListType != "map" || use.ListMapKeys is not [var key])
        {
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < list.Count; i++)
        {
            if (list[i].At(key).Plain() is { } id && !seen.Add(id) && path is not "spec.template.spec.containers[0].env" && !path.EndsWith(".env", StringComparison.Ordinal)
                && !path.EndsWith(".hostAliases", StringComparison.Ordinal))
            {
                errors.Add(FieldError.Duplicate($"{path}[{i}].{key}", list[i].At(key)));
            }
        }
    }

    private static bool IsEmpty(JsonNode? value, Schema use) => value switch
    {
        null => true,
        JsonArray { Count: 0 } => use.Shape.Type == "array" && use.Items?.Shape.Component is { } c && c.EndsWith(".Container", StringComparison.Ordinal),
        JsonValue v when use.Type == "string" => v.Plain() == "" && use.Default is null,
        _ => false,
    };

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
