using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;

namespace Ambient.Kube.Emulator.Admission;

/// <summary>Rules of a Service.</summary>
internal static class ServiceValidation
{
    public static void Check(JsonObject service, List<FieldError> errors)
    {
        JsonObject? spec = service.Object("spec");
        int ports = spec.Items("ports").Count();
        bool headless = spec.Text("clusterIP") == "None";
        if (spec.Text("type") == "ExternalName")
        {
            if (string.IsNullOrEmpty(spec.Text("externalName")))
            {
                errors.Add(FieldError.Required("spec.externalName"));
            }
        }
        else if (ports == 0 && !headless)
        {
            errors.Add(FieldError.Required("spec.ports"));
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach ((int i, JsonNode? port) in spec.Items("ports").Index())
        {
            PodValidation.Port(port.At("port"), $"spec.ports[{i}].port", errors);
            string name = port.Text("name") ?? "";
            if (name.Length == 0 && ports > 1)
            {
                errors.Add(FieldError.Required($"spec.ports[{i}].name"));
            }
            else if (name.Length > 0 && Names.Label(name) is { } wrong)
            {
                errors.Add(FieldError.Invalid($"spec.ports[{i}].name", name, wrong));
            }
            else if (name.Length > 0 && !names.Add(name))
            {
                errors.Add(FieldError.Duplicate($"spec.ports[{i}].name", name));
            }

            if (port.Number("targetPort") is not null)
            {
                PodValidation.Port(port.At("targetPort"), $"spec.ports[{i}].targetPort", errors);
            }
        }
    }
}
