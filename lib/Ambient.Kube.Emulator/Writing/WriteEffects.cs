using Ambient.Kube.Emulator.Controllers;
using Ambient.Kube.Emulator.Storage;
using Ambient.Kube.Emulator.Types;

namespace Ambient.Kube.Emulator.Writing;

/// <summary>What must have happened before a write is answered: a new namespace has its service account, a new CRD is served.</summary>
internal sealed class WriteEffects(NamespaceContents namespaces, CrdController crds)
{
    public void Written(ResourceType type, StoredObject stored, WriteContext context)
    {
        if (context.DryRun)
        {
            return;
        }

        if (type.Shelf == "/namespaces")
        {
            namespaces.Provide(stored.Name);
        }
        else if (type.Shelf == "apiextensions.k8s.io/customresourcedefinitions")
        {
            crds.Refresh();
        }
    }
}
