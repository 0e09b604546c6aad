using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Storage;
using Ambient.Kube.Emulator.Types;
using Ambient.Kube.Emulator.Writing;

namespace Ambient.Kube.Emulator.Admission;

/// <summary>What looks at a write besides the object's own schema: its namespace, a pod's service account, a Service's addresses.</summary>
internal sealed class AdmissionChain(ResourceStore store, ServiceAddresses addresses)
{
    public AdmissionScope Create(ResourceType type, JsonObject value, WriteContext context)
    {
        if (type.Namespaced)
        {
            CheckNamespace(type, value);
        }

        switch (type.Shelf)
        {
            case "/pods":
                PodAdmission.Admit(type, value, store);
                return AdmissionScope.Nothing;
            case "/services":
                return addresses.Assign(type, value, null, context.DryRun);
            default:
                return AdmissionScope.Nothing;
        }
    }

    public AdmissionScope Update(ResourceType type, JsonObject before, JsonObject value, WriteContext context) =>
        type.Shelf == "/services" && context.Subresource.Length == 0
            ? addresses.Assign(type, value, before, context.DryRun)
            : AdmissionScope.Nothing;

    private void CheckNamespace(ResourceType type, JsonObject value)
    {
        string ns = value.Text("metadata", "namespace") ?? "";
        StoredObject? found = store.Find("/namespaces", "", ns);
        if (found is null)
        {
            throw new ApiException(404, "NotFound", $"namespaces \"{ns}\" not found", new JsonObject { ["name"] = ns, ["kind"] = "namespaces" });
        }

        if (found.IsTerminating)
        {
            string name = value.Text("metadata", "name") ?? "";
            ApiException refused = ApiErrors.Forbidden(type, name, $"unable to create new content in namespace {ns} because it is being terminated");
            refused.Details!["causes"] = new JsonArray(new JsonObject
            {
                ["reason"] = "NamespaceTerminating",
                ["message"] = $"namespace {ns} is being terminated",
                ["field"] = "metadata.namespace",
            });
            throw refused;
        }
    }
}
