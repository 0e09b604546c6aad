using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Types;
using Ambient.Kube.Emulator.Writing;

namespace Ambient.Kube.Emulator.Patching.Ownership;

/// <summary>Who set which field (metadata.managedFields): whoever changes a field by an update becomes its owner.</summary>
internal static class FieldOwners
{
    /// <summary>Entries of updates beyond this many are folded into one, as the real server does.</summary>
    private const int MaxUpdateEntries = 10;

    private static readonly string[] Unowned =
        ["name", "namespace", "creationTimestamp", "selfLink", "uid", "clusterName", "generation", "managedFields", "resourceVersion", "deletionTimestamp", "deletionGracePeriodSeconds"];

    /// <summary>Writes managedFields of <paramref name="value"/>. After an apply, <paramref name="claimed"/> holds what the merge decided.</summary>
    public static void RecordWrite(ResourceType type, JsonObject? before, JsonObject value, WriteContext context, JsonNode? claimed, TimeProvider time)
    {
        JsonNode? known = before.At("metadata", "managedFields");
        if (context.Operation == "Apply")
        {
            value.Meta()["managedFields"] = claimed?.DeepClone();
            return;
        }

        // A caller may hand entries over (kubectl does when it moves to server-side apply) or drop them all with an empty list.
        List<ManagedEntry> entries = ManagedEntry.Parse(before is not null && claimed is JsonArray ? claimed : known);
        FieldChanges changes = FieldTree.Compare(Ownable(before ?? new JsonObject { ["metadata"] = new JsonObject() }), Ownable(value), type.Schema);
        FieldSet set = changes.Added.Union(changes.Modified);
        FieldSet lost = set.Union(changes.Removed);
        if (!lost.IsEmpty)
        {
            entries = Updated(entries, type, context, set, lost, changes.Removed, ObjectWriter.Timestamp(time.GetUtcNow()));
        }

        Write(value, entries);
    }

    public static void Write(JsonObject value, List<ManagedEntry> entries)
    {
        ManagedEntry[] kept = [.. entries.Where(e => !e.Fields.IsEmpty)];
        if (kept.Length == 0)
        {
            value.Meta().Remove("managedFields");
        }
        else
        {
            value.Meta()["managedFields"] = new JsonArray([.. kept.Select(e => (JsonNode)e.ToJson())]);
        }
    }

    /// <summary>The object without what only the server writes: nobody owns that.</summary>
    public static JsonObject Ownable(JsonObject value)
    {
        JsonObject copy = value.Copy();
        copy.Remove("apiVersion");
        copy.Remove("kind");
        if (copy["metadata"] is JsonObject meta)
        {
            foreach (string field in Unowned)
            {
                meta.Remove(field);
            }
        }

        return copy;
    }

    private static List<ManagedEntry> Updated(List<ManagedEntry> entries, ResourceType type, WriteContext context, FieldSet set, FieldSet lost, FieldSet removed, string now)
    {
        var result = new List<ManagedEntry>();
        FieldSet own = new();
        foreach (ManagedEntry entry in entries)
        {
            if (entry.IsOf(context.Manager, "Update", type.ApiVersion, context.Subresource))
            {
                own = entry.Fields.Without(removed);
            }
            else
            {
                result.Add(entry with { Fields = entry.Fields.Without(lost) });
            }
        }

        result.Add(new ManagedEntry(context.Manager, "Update", type.ApiVersion, context.Subresource, now, own.Union(set)));
        return Fold(result);
    }

    private static List<ManagedEntry> Fold(List<ManagedEntry> entries)
    {
        ManagedEntry[] updates = [.. entries.Where(e => e.Operation == "Update" && !e.Fields.IsEmpty).OrderBy(e => e.Time, StringComparer.Ordinal)];
        if (updates.Length <= MaxUpdateEntries)
        {
            return entries;
        }

        ManagedEntry[] old = updates[..(updates.Length - MaxUpdateEntries + 1)];
        ManagedEntry folded = old[^1] with { Manager = "ancient-changes", Fields = old.Aggregate(new FieldSet(), (all, e) => all.Union(e.Fields)) };
        return [.. entries.Except(old), folded];
    }
}
