using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Types;

namespace Ambient.Kube.Emulator.Admission;

/// <summary>Rules of metadata: names, labels, annotations, finalizers, owners.</summary>
internal static class MetadataValidation
{
    private const int MaxAnnotations = 256 * 1024;

    public static void Check(ResourceType type, JsonObject value, List<FieldError> errors)
    {
        JsonObject meta = value.Meta();
        string name = meta.Text("name") ?? "";
        if (NameRule(type)(name) is { } wrong)
        {
            errors.Add(FieldError.Invalid("metadata.name", name, wrong));
        }

        Labels(meta.Object("labels"), "metadata.labels", errors);
        Annotations(meta.Object("annotations"), errors);
        foreach ((int i, JsonNode? owner) in meta.Items("ownerReferences").Index())
        {
            foreach (string field in (string[])["apiVersion", "kind", "name", "uid"])
            {
                if (string.IsNullOrEmpty(owner.Text(field)))
                {
                    errors.Add(FieldError.Required($"metadata.ownerReferences[{i}].{field}", "must not be empty"));
                }
            }
        }

        foreach (JsonNode? finalizer in meta.Items("finalizers"))
        {
            if (Names.LabelKey(finalizer.Plain() ?? "") is { } bad)
            {
                errors.Add(FieldError.Invalid("metadata.finalizers", finalizer, bad));
            }
        }
    }

    public static void Labels(JsonObject? labels, string path, List<FieldError> errors)
    {
        foreach ((string key, JsonNode? text) in labels ?? [])
        {
            if (Names.LabelKey(key) is { } badKey)
            {
                errors.Add(FieldError.Invalid(path, key, badKey));
            }

            if (Names.LabelValue(text.Plain() ?? "") is { } badValue)
            {
                errors.Add(FieldError.Invalid(path, text.Plain(), badValue));
            }
        }
    }

    private static void Annotations(JsonObject? annotations, List<FieldError> errors)
    {
        long size = 0;
        foreach ((string key, JsonNode? text) in annotations ?? [])
        {
            if (Names.LabelKey(key.ToLowerInvariant()) is { } bad)
            {
                errors.Add(FieldError.Invalid("metadata.annotations", key, bad));
            }

            size += key.Length + (text.Plain() ?? "").Length;
        }

        if (size > MaxAnnotations)
        {
            errors.Add(FieldError.TooLong("metadata.annotations", MaxAnnotations));
        }
    }

    private static Func<string, string?> NameRule(ResourceType type) => type.Shelf switch
    {
        "/namespaces" => Names.Label,
        "/services" => Names.Label1035,
        _ when type.Group == "rbac.authorization.k8s.io" => Names.PathSegment,
        _ => Names.Subdomain,
    };
}
