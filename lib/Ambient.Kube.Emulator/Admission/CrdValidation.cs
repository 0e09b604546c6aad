using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;

namespace Ambient.Kube.Emulator.Admission;

/// <summary>Rules of a CustomResourceDefinition: its name, one storage version, a structural schema for each.</summary>
internal static class CrdValidation
{
    public static void Check(JsonObject crd, List<FieldError> errors)
    {
        JsonObject? spec = crd.Object("spec");
        string expected = $"{spec.Text("names", "plural")}.{spec.Text("group")}";
        if (crd.Text("metadata", "name") is { } name && name != expected)
        {
            errors.Add(FieldError.Invalid("metadata.name", name, $"must be spec.names.plural+\".\"+spec.group"));
        }

        int storage = spec.Items("versions").Count(v => v.Flag("storage"));
        if (storage != 1)
        {
            errors.Add(FieldError.Invalid("spec.versions", null, "must have exactly one version marked as storage version"));
        }

        if (spec.Text("conversion", "strategy") is "Webhook")
        {
            errors.Add(FieldError.NotSupported("spec.conversion.strategy", "Webhook", ["None"]));
        }

        foreach ((int i, JsonNode? version) in spec.Items("versions").Index())
        {
            if (version.Object("schema", "openAPIV3Schema") is not { } schema)
            {
                errors.Add(FieldError.Required($"spec.versions[{i}].schema.openAPIV3Schema", "schemas are required"));
            }
            else if (schema.Text("type") != "object")
            {
                errors.Add(FieldError.Invalid($"spec.versions[{i}].schema.openAPIV3Schema.type", schema.Text("type"), "must be object at the root"));
            }
        }
    }
}
