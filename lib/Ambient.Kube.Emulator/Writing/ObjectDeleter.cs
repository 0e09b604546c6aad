using System.Globalization;
using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Controllers;
using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Storage;
using Ambient.Kube.Emulator.Types;

namespace Ambient.Kube.Emulator.Writing;

/// <summary>
/// Deletes: an object without finalizers and grace goes at once; else it gets its deletionTimestamp and goes when the last finalizer does,
/// or, a pod on a node, when its kubelet deletes it with grace 0.
/// </summary>
internal sealed class ObjectDeleter(ResourceStore store, TimeProvider time, CrdController crds)
{
    private const int MaxRaces = 20;

    /// <summary>The last state, and whether it is gone.</summary>
    public (StoredObject Stored, bool Gone) Delete(ResourceType type, StoredObject old, DeleteOptions options)
    {
        for (int race = 0; race < MaxRaces; race++)
        {
            Check(type, old, options);
            if (options.DryRun)
            {
                return (old, true);
            }

            JsonObject value = old.Value.Copy();
            bool now = Mark(type, value, options);
            StoredObject? result = now ? Remove(type, old) : JsonNode.DeepEquals(value, old.Value) ? old : store.Replace(type.Shelf, old, value);
            if (result is not null)
            {
                return (result, now);
            }

            old = store.Find(type.Shelf, old.Namespace, old.Name) ?? throw ApiErrors.NotFound(type, old.Name);
        }

        throw ApiErrors.StaleVersion(type, old.Name);
    }

    private StoredObject? Remove(ResourceType type, StoredObject old)
    {
        StoredObject? gone = store.Remove(type.Shelf, old);
        if (gone is not null && type.Shelf == "apiextensions.k8s.io/customresourcedefinitions")
        {
            crds.Refresh();
        }

        return gone;
    }

    private static void Check(ResourceType type, StoredObject old, DeleteOptions options)
    {
        if (options.Uid is { } uid && uid != old.Uid)
        {
            throw ApiErrors.Conflict(type, old.Name, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {old.Uid}");
        }

        string version = old.Version.ToString(CultureInfo.InvariantCulture);
        if (options.ResourceVersion is { } asked && asked != version)
        {
            throw ApiErrors.Conflict(type, old.Name, $"Precondition failed: ResourceVersion in precondition: {asked}, ResourceVersion in object meta: {version}");
        }

        if (type.Shelf == "/namespaces" && old.Name is "default" or "kube-system" or "kube-public")
        {
            throw ApiErrors.Forbidden(type, old.Name, "this namespace may not be deleted");
        }
    }

    /// <summary>Sets what deletion leaves on the object; true where nothing keeps it.</summary>
    private bool Mark(ResourceType type, JsonObject value, DeleteOptions options)
    {
        JsonObject meta = value.Meta();
        AddFinalizer(meta, options.Propagation);
        long grace = type.Shelf == "/pods" ? PodGrace(value, options) : 0;
        bool terminating = meta.At("deletionTimestamp") is not null;
        if (grace == 0 && !Finalizers.Remain(value))
        {
            return true;
        }

        // A second deletion can only shorten the grace.
        long? before = meta.Number("deletionGracePeriodSeconds");
        if (!terminating || grace < before)
        {
            meta["deletionTimestamp"] = ObjectWriter.Timestamp(time.GetUtcNow().AddSeconds(grace));
            meta["deletionGracePeriodSeconds"] = grace;
            if (meta.Number("generation") is { } generation)
            {
                meta["generation"] = generation + 1;
            }
        }

        if (type.Shelf == "/namespaces")
        {
            value.Ensure("status")["phase"] = "Terminating";
        }

        return false;
    }

    private static void AddFinalizer(JsonObject meta, string propagation)
    {
        string? finalizer = propagation switch { "Foreground" => GarbageCollector.Foreground, "Orphan" => GarbageCollector.Orphan, _ => null };
        if (finalizer is null || meta.Items("finalizers").Any(f => f.Plain() == finalizer))
        {
            return;
        }

        if (meta["finalizers"] is not JsonArray finalizers)
        {
            meta["finalizers"] = finalizers = [];
        }

        finalizers.Add((JsonNode)finalizer);
    }

    private static long PodGrace(JsonObject pod, DeleteOptions options)
    {
        // Nobody runs it, or it has ended: there is nothing to be graceful to.
        if (string.IsNullOrEmpty(pod.Text("spec", "nodeName")) || pod.Text("status", "phase") is "Succeeded" or "Failed")
        {
            return 0;
        }

        return Math.Max(0, options.GraceSeconds ?? pod.Number("spec", "terminationGracePeriodSeconds") ?? 30);
    }
}
