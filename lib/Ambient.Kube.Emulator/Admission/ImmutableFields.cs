using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Types;

namespace Ambient.Kube.Emulator.Admission;

/// <summary>Fields that may not change once they are set.</summary>
internal static class ImmutableFields
{
    private const string Immutable = "field is immutable";

    public static void Check(ResourceType type, JsonObject before, JsonObject value, List<FieldError> errors)
    {
        switch (type.Shelf)
        {
            case "apps/deployments" or "apps/replicasets" or "apps/daemonsets":
                Field(before, value, errors, "spec", "selector");
                break;
            case "apps/statefulsets":
                foreach (string field in (string[])["selector", "serviceName", "podManagementPolicy", "volumeClaimTemplates"])
                {
                    Field(before, value, errors, "spec", field);
                }

                break;
            case "batch/jobs":
                Field(before, value, errors, "spec", "selector");
                Field(before, value, errors, "spec", "template");
                Field(before, value, errors, "spec", "completions");
                break;
            case "/pods":
                Pod(before, value, errors);
                break;
            case "/services" when before.Text("spec", "type") != "ExternalName" && value.Text("spec", "type") != "ExternalName":
                if (before.Text("spec", "clusterIP") != value.Text("spec", "clusterIP"))
                {
                    errors.Add(FieldError.Invalid("spec.clusterIPs[0]", value.At("spec", "clusterIPs")?.DeepClone(), "may not change once set"));
                }

                break;
            case "/configmaps" or "/secrets" when before.Flag("immutable"):
                Frozen(before, value, errors);
                break;
            case "discovery.k8s.io/endpointslices":
                Field(before, value, errors, "addressType");
                break;
            case "rbac.authorization.k8s.io/rolebindings" or "rbac.authorization.k8s.io/clusterrolebindings":
                if (!JsonNode.DeepEquals(before.At("roleRef"), value.At("roleRef")))
                {
                    errors.Add(FieldError.Invalid("roleRef", value.At("roleRef")?.DeepClone(), "cannot change roleRef"));
                }

                break;
            case "apiextensions.k8s.io/customresourcedefinitions":
                Field(before, value, errors, "spec", "scope");
                Field(before, value, errors, "spec", "names", "kind");
                break;
        }

        if (type.Shelf == "/secrets" && before.Text("type") != value.Text("type"))
        {
            errors.Add(FieldError.Invalid("type", value.At("type")?.DeepClone(), Immutable));
        }
    }

    private static void Field(JsonObject before, JsonObject value, List<FieldError> errors, params ReadOnlySpan<string> path)
    {
        if (!JsonNode.DeepEquals(before.At(path), value.At(path)))
        {
            errors.Add(FieldError.Invalid(string.Join('.', path!), value.At(path)?.DeepClone(), Immutable));
        }
    }

    private static void Frozen(JsonObject before, JsonObject value, List<FieldError> errors)
    {
        foreach (string field in (string[])["data", "binaryData", "immutable"])
        {
            if (!JsonNode.DeepEquals(before.At(field), value.At(field)))
            {
                errors.Add(FieldError.Forbidden(field, "field is immutable when `immutable` is set"));
            }
        }
    }

    /// <summary>Only images, activeDeadlineSeconds, added tolerations, and the binding may change.</summary>
    private static void Pod(JsonObject before, JsonObject value, List<FieldError> errors)
    {
        if (before.Object("spec") is not { } oldSpec || value.Object("spec") is not { } newSpec)
        {
            return;
        }

        JsonObject a = oldSpec.Copy(), b = newSpec.Copy();
        foreach (JsonObject spec in (JsonObject[])[a, b])
        {
            spec.Remove("activeDeadlineSeconds");
            spec.Remove("tolerations");
            spec.Remove("terminationGracePeriodSeconds");
            foreach (JsonNode? container in spec.Items("containers").Concat(spec.Items("initContainers")))
            {
                (container as JsonObject)?.Remove("image");
            }
        }

        if (string.IsNullOrEmpty(oldSpec.Text("nodeName")))
        {
            a.Remove("nodeName");
            b.Remove("nodeName");
            a.Remove("schedulingGates");
            b.Remove("schedulingGates");
        }

        if (!JsonNode.DeepEquals(a, b))
        {
            errors.Add(FieldError.Forbidden("spec", "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
                + "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"));
        }
    }
}
