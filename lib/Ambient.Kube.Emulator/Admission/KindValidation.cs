using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Types;

namespace Ambient.Kube.Emulator.Admission;

/// <summary>Rules of single kinds.</summary>
internal static class KindValidation
{
    public static void Check(ResourceType type, JsonObject value, List<FieldError> errors)
    {
        switch (type.Shelf)
        {
            case "/pods":
                PodValidation.Check(value.Object("spec"), "spec", errors);
                break;
            case "apps/deployments" or "apps/replicasets" or "apps/daemonsets" or "apps/statefulsets":
                Workload(value, errors);
                break;
            case "batch/jobs":
                PodValidation.Check(value.Object("spec", "template", "spec"), "spec.template.spec", errors);
                if (value.Text("spec", "template", "spec", "restartPolicy") == "Always")
                {
                    errors.Add(FieldError.NotSupported("spec.template.spec.restartPolicy", "Always", ["OnFailure", "Never"]));
                }

                break;
            case "/services":
                ServiceValidation.Check(value, errors);
                break;
            case "/configmaps" or "/secrets":
                foreach ((string key, JsonNode? _) in value.Object("data") ?? [])
                {
                    if (Names.ConfigKey(key) is { } wrong)
                    {
                        errors.Add(FieldError.Invalid($"data[{key}]", key, wrong));
                    }
                }

                break;
            case "apiextensions.k8s.io/customresourcedefinitions":
                CrdValidation.Check(value, errors);
                break;
        }
    }

    private static void Workload(JsonObject value, List<FieldError> errors)
    {
        JsonObject? spec = value.Object("spec");
        if (spec.Number("replicas") < 0)
        {
            errors.Add(FieldError.Invalid("spec.replicas", spec.At("replicas"), "must be greater than or equal to 0"));
        }

        MetadataValidation.Labels(spec.Object("template", "metadata", "labels"), "spec.template.labels", errors);
        if (spec.Object("selector") is { } selector)
        {
            JsonObject template = new() { ["metadata"] = new JsonObject { ["labels"] = spec.At("template", "metadata", "labels")?.DeepClone() } };
            if (selector.Count == 0 || (selector.Object("matchLabels") is null or { Count: 0 } && !selector.Items("matchExpressions").Any()))
            {
                errors.Add(FieldError.Invalid("spec.selector", selector.DeepClone(), "empty selector is invalid for deployment"));
            }
            else if (selector.Object("matchLabels")?.Any(l => template.Text("metadata", "labels", l.Key) != l.Value.Plain()) == true)
            {
                errors.Add(FieldError.Invalid("spec.template.metadata.labels", template.At("metadata", "labels")?.DeepClone(), "`selector` does not match template `labels`"));
            }
        }

        if (spec.Text("template", "spec", "restartPolicy") is { } restart and not "Always")
        {
            errors.Add(FieldError.NotSupported("spec.template.spec.restartPolicy", restart, ["Always"]));
        }

        PodValidation.Check(spec.Object("template", "spec"), "spec.template.spec", errors);
    }
}
