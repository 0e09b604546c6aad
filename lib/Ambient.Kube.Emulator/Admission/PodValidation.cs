using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;

namespace Ambient.Kube.Emulator.Admission;

/// <summary>Rules of a pod's spec, its own or a template's.</summary>
internal static class PodValidation
{
    public static void Check(JsonObject? spec, string path, List<FieldError> errors)
    {
        if (spec is null)
        {
            return;
        }

        HashSet<string> volumes = [.. spec.Items("volumes").Select(v => v.Text("name") ?? "")];
        foreach (string list in (string[])["containers", "initContainers"])
        {
            foreach ((int i, JsonNode? container) in spec.Items(list).Index())
            {
                Container(container, $"{path}.{list}[{i}]", volumes, errors);
            }
        }

        foreach ((int i, JsonNode? volume) in spec.Items("volumes").Index())
        {
            NameOf(volume, $"{path}.volumes[{i}].name", errors);
        }

        if (spec.Text("serviceAccountName") is { Length: > 0 } account && Names.Subdomain(account) is { } wrong)
        {
            errors.Add(FieldError.Invalid($"{path}.serviceAccountName", account, wrong));
        }
    }

    private static void Container(JsonNode? container, string path, HashSet<string> volumes, List<FieldError> errors)
    {
        NameOf(container, $"{path}.name", errors);
        if (string.IsNullOrEmpty(container.Text("image")))
        {
            errors.Add(FieldError.Required($"{path}.image"));
        }

        foreach ((int i, JsonNode? port) in container.Items("ports").Index())
        {
            Port(port.At("containerPort"), $"{path}.ports[{i}].containerPort", errors);
        }

        foreach ((int i, JsonNode? mount) in container.Items("volumeMounts").Index())
        {
            if (mount.Text("name") is { Length: > 0 } name && !volumes.Contains(name))
            {
                errors.Add(FieldError.NotFound($"{path}.volumeMounts[{i}].name", name));
            }
        }

        foreach (string probe in (string[])["livenessProbe", "readinessProbe", "startupProbe"])
        {
            if (container.Object(probe) is { } p && !p.Any(f => f.Key is "exec" or "httpGet" or "tcpSocket" or "grpc"))
            {
                errors.Add(FieldError.Required($"{path}.{probe}", "must specify a handler type"));
            }
        }
    }

    private static void NameOf(JsonNode? item, string path, List<FieldError> errors)
    {
        if (item.Text("name") is { Length: > 0 } name && Names.Label(name) is { } wrong)
        {
            errors.Add(FieldError.Invalid(path, name, wrong));
        }
    }

    public static void Port(JsonNode? port, string path, List<FieldError> errors)
    {
        if (port is not null && port.AsPort() is < 1 or > 65535)
        {
            errors.Add(FieldError.Invalid(path, port, "must be between 1 and 65535, inclusive"));
        }
    }

    private static long? AsPort(this JsonNode port) => ((JsonNode?)port).Number();
}
