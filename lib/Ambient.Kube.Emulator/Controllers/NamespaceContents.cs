using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Storage;
using Ambient.Kube.Emulator.Types;
using Ambient.Kube.Emulator.Writing;

namespace Ambient.Kube.Emulator.Controllers;

/// <summary>What every namespace has: the service account <c>default</c> and the ConfigMap <c>kube-root-ca.crt</c>.</summary>
internal sealed class NamespaceContents(ResourceStore store, ResourceCatalog catalog, ObjectWriter writer, string caPem)
{
    public void Provide(string ns)
    {
        if (store.Find("/namespaces", "", ns) is not { IsTerminating: false })
        {
            return;
        }

        Create("ServiceAccount", ns, new JsonObject { ["metadata"] = new JsonObject { ["name"] = "default" } }, "kube-controller-manager");
        Create("ConfigMap", ns, new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = "kube-root-ca.crt",
                ["annotations"] = new JsonObject { ["kubernetes.io/description"] = "Certificate authority of the API server's own certificate" },
            },
            ["data"] = new JsonObject { ["ca.crt"] = caPem },
        }, "kube-controller-manager");
    }

    private void Create(string kind, string ns, JsonObject value, string manager)
    {
        ResourceType type = catalog.Current.FindKind("v1", kind)!;
        if (store.Find(type.Shelf, ns, value.Text("metadata", "name")!) is not null)
        {
            return;
        }

        try
        {
            writer.Create(type, ns, value, WriteContext.Internal(manager));
        }
        catch (ApiException e) when (e.Code is 409 or 404 or 403)
        {
            // Somebody else made it, or the namespace is going.
        }
    }
}
