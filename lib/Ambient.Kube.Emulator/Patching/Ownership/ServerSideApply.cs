using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Types;
using Ambient.Kube.Emulator.Writing;

namespace Ambient.Kube.Emulator.Patching.Ownership;

/// <summary>
/// Server-side apply: 1. merge the configuration into the object, 2. take out what this manager applied before and applies no more, unless
/// somebody else owns it too, 3. refuse to change what others own (409), or take it from them when forced, 4. record the new owner.
/// </summary>
internal static class ServerSideApply
{
    public static JsonObject Merge(ResourceType type, JsonObject? current, JsonObject applied, WriteContext context, bool force, TimeProvider time)
    {
        if (applied.Items("metadata", "managedFields").Any())
        {
            throw ApiErrors.BadRequest("metadata.managedFields must be nil");
        }

        string? condition = applied.Text("metadata", "resourceVersion");
        Reset(type, applied, context.Subresource);
        JsonObject configuration = FieldOwners.Ownable(applied);
        if (configuration.Object("metadata") is { Count: 0 })
        {
            configuration.Remove("metadata");
        }

        FieldSet configured = FieldTree.Of(configuration, type.Schema);
        List<ManagedEntry> entries = ManagedEntry.Parse(current.At("metadata", "managedFields"));
        ManagedEntry? own = entries.Find(e => e.IsOf(context.Manager, "Apply", type.ApiVersion, context.Subresource));
        List<ManagedEntry> others = [.. entries.Where(e => e != own)];

        JsonObject live = current?.Copy() ?? Bare(applied);
        var merged = (JsonObject)ApplyMerge.Merge(live, configuration, type.Schema)!;
        if (own is not null)
        {
            AbandonedFields.Remove(merged, type.Schema, own.Fields, configured, [.. others.Select(e => e.Fields)]);
        }

        FieldSet changed = FieldTree.Compare(FieldOwners.Ownable(live), FieldOwners.Ownable(merged), type.Schema).Modified;
        others = Settle(others, changed, force);
        string now = ObjectWriter.Timestamp(time.GetUtcNow());
        bool same = own is not null && own.Fields.ToJson().ToJsonString() == configured.ToJson().ToJsonString();
        others.Add(new ManagedEntry(context.Manager, "Apply", type.ApiVersion, context.Subresource, same ? own!.Time : now, configured));
        FieldOwners.Write(merged, others);
        merged["apiVersion"] = type.ApiVersion;
        if (condition is not null)
        {
            merged.Meta()["resourceVersion"] = condition;
        }

        return merged;
    }

    /// <summary>What this endpoint does not write is not this manager's to own.</summary>
    private static void Reset(ResourceType type, JsonObject applied, string subresource)
    {
        if (!type.HasStatus)
        {
            return;
        }

        if (subresource != "status")
        {
            applied.Remove("status");
            return;
        }

        foreach (string field in applied.Select(f => f.Key).Except(["apiVersion", "kind", "metadata", "status"]).ToArray())
        {
            applied.Remove(field);
        }

        JsonObject meta = applied.Meta();
        meta.Remove("labels");
        meta.Remove("annotations");
    }

    private static JsonObject Bare(JsonObject applied)
    {
        var meta = new JsonObject { ["name"] = applied.Text("metadata", "name") };
        if (applied.Text("metadata", "namespace") is { } ns)
        {
            meta["namespace"] = ns;
        }

        return new JsonObject { ["apiVersion"] = applied.Text("apiVersion"), ["kind"] = applied.Text("kind"), ["metadata"] = meta };
    }

    private static List<ManagedEntry> Settle(List<ManagedEntry> others, FieldSet changed, bool force)
    {
        List<(ManagedEntry Entry, FieldSet Fields)> conflicts = [.. others.Select(e => (e, e.Fields.Intersect(changed))).Where(c => !c.Item2.IsEmpty)];
        if (conflicts.Count == 0)
        {
            return others;
        }

        return force
            ? [.. others.Select(e => e with { Fields = e.Fields.Without(changed) })]
            : throw Conflict(conflicts);
    }

    private static ApiException Conflict(List<(ManagedEntry Entry, FieldSet Fields)> conflicts)
    {
        var causes = new JsonArray();
        var lines = new List<string>();
        int count = 0;
        foreach ((ManagedEntry entry, FieldSet fields) in conflicts)
        {
            string[] paths = [.. fields.Paths()];
            count += paths.Length;
            foreach (string path in paths)
            {
                causes.Add((JsonNode)new JsonObject { ["reason"] = "FieldManagerConflict", ["message"] = $"conflict with {entry.Describe()}", ["field"] = path });
            }

            lines.Add(paths.Length == 1 && conflicts.Count == 1
                ? $"conflict with {entry.Describe()}: {paths[0]}"
                : $"{(paths.Length == 1 ? "conflict" : "conflicts")} with {entry.Describe()}:\n- {string.Join("\n- ", paths)}");
        }

        return new ApiException(409, "Conflict", $"Apply failed with {count} conflict{(count == 1 ? "" : "s")}: {string.Join('\n', lines)}", new JsonObject { ["causes"] = causes });
    }
}
