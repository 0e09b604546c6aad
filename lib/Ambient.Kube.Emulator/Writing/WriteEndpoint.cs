using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Patching;
using Ambient.Kube.Emulator.Patching.Ownership;
using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Storage;
using Ambient.Kube.Emulator.Types;

namespace Ambient.Kube.Emulator.Writing;

/// <summary>Create, replace and patch, of objects and of their status.</summary>
internal sealed class WriteEndpoint(ResourceStore store, ObjectWriter writer, ReadEndpoint reads, WriteEffects effects)
{
    private const int MaxRaces = 20;

    public async Task CreateAsync(ApiRequest request)
    {
        JsonObject value = await request.ReadObjectAsync() ?? throw ApiErrors.BadRequest("the request has no body");
        WriteContext context = WriteContext.Of(request);
        StoredObject stored = writer.Create(request.Type, request.Namespace, value, context);
        effects.Written(request.Type, stored, context);
        await reads.AnswerAsync(request, 201, stored);
    }

    public async Task ReplaceAsync(ApiRequest request)
    {
        JsonObject value = await request.ReadObjectAsync() ?? throw ApiErrors.BadRequest("the request has no body");
        WriteContext context = WriteContext.Of(request);
        bool versioned = !string.IsNullOrEmpty(value.Text("metadata", "resourceVersion"));
        StoredObject? stored = null;
        for (int race = 0; stored is null; race++)
        {
            StoredObject old = Find(request);
            stored = writer.Update(request.Type, old, value.Copy(), context);
            if (stored is null && (versioned || race > MaxRaces))
            {
                throw ApiErrors.StaleVersion(request.Type, request.Name);
            }
        }

        effects.Written(request.Type, stored, context);
        await reads.AnswerAsync(request, 200, stored);
    }

    public async Task PatchAsync(ApiRequest request)
    {
        string media = request.MediaType;
        JsonNode patch = ApiRequest.ParseNode(await request.ReadBytesAsync()) ?? throw ApiErrors.BadRequest("the patch is empty");
        WriteContext context = WriteContext.Of(request);
        if (media is "application/apply-patch+yaml" or "application/apply-patch+cbor")
        {
            await ApplyAsync(request, patch, context);
            return;
        }

        if (request.Query("force") is { Length: > 0 })
        {
            throw ApiErrors.BadRequest("PatchOptions.meta.k8s.io \"\" is invalid: force: Forbidden: may not be specified for non-apply patch");
        }

        StoredObject? stored = null;
        for (int race = 0; stored is null; race++)
        {
            if (race > MaxRaces)
            {
                throw ApiErrors.StaleVersion(request.Type, request.Name);
            }

            StoredObject old = Find(request);
            JsonObject value = Patched(request.Type, ObjectWriter.Versioned(request.Type, old), patch, media);
            stored = writer.Update(request.Type, old, value, context);
        }

        effects.Written(request.Type, stored, context);
        await reads.AnswerAsync(request, 200, stored);
    }

    private static JsonObject Patched(ResourceType type, JsonObject current, JsonNode patch, string media)
    {
        JsonNode? result = (media, patch) switch
        {
            ("application/json-patch+json", JsonArray operations) => JsonPatch.Apply(current, operations),
            ("application/merge-patch+json", JsonObject) => MergePatch.Apply(current, patch),
            ("application/strategic-merge-patch+json", JsonObject changes) when type.Custom is null => StrategicMergePatch.Apply(current, changes, type.Schema),
            ("application/json-patch+json" or "application/merge-patch+json", _) => throw ApiErrors.BadRequest("json: cannot unmarshal the patch: wrong type"),
            _ => throw ApiErrors.UnsupportedMedia(media, type.Custom is null
                ? ["application/json-patch+json", "application/merge-patch+json", "application/strategic-merge-patch+json", "application/apply-patch+yaml"]
                : ["application/json-patch+json", "application/merge-patch+json", "application/apply-patch+yaml"]),
        };
        return result as JsonObject ?? throw ApiErrors.BadRequest("the patched object is no object");
    }

    private async Task ApplyAsync(ApiRequest request, JsonNode patch, WriteContext context)
    {
        if (string.IsNullOrEmpty(request.Query("fieldManager")))
        {
            throw new ApiException(422, "Invalid", "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch");
        }

        JsonObject applied = patch as JsonObject ?? throw ApiErrors.BadRequest("the applied configuration is no object");
        WriteContext apply = context with { Operation = "Apply" };
        bool force = request.QueryFlag("force");
        for (int race = 0; race <= MaxRaces; race++)
        {
            StoredObject? old = store.Find(request.Type.Shelf, request.Namespace, request.Name);
            if (old is null && request.Path.Subresource.Length > 0)
            {
                throw ApiErrors.NotFound(request.Type, request.Name);
            }

            JsonObject? current = old is null ? null : ObjectWriter.Versioned(request.Type, old);
            JsonObject configuration = Named(request, applied.Copy());
            ObjectWriter.Decode(request.Type, configuration, race == 0 ? apply : WriteContext.Internal());
            JsonObject value = ServerSideApply.Merge(request.Type, current, configuration, apply, force, writer.Time);
            StoredObject? stored = old is null
                ? writer.Create(request.Type, request.Namespace, value, apply)
                : writer.Update(request.Type, old, value, apply);
            if (stored is not null)
            {
                effects.Written(request.Type, stored, apply);
                await reads.AnswerAsync(request, old is null ? 201 : 200, stored);
                return;
            }
        }

        throw ApiErrors.StaleVersion(request.Type, request.Name);
    }

    private static JsonObject Named(ApiRequest request, JsonObject applied)
    {
        Identity.CheckKind(request.Type, applied);
        string name = applied.Text("metadata", "name") ?? request.Name;
        if (name != request.Name)
        {
            throw ApiErrors.BadRequest($"the name of the object ({name}) does not match the name on the URL ({request.Name})");
        }

        applied.Meta()["name"] = name;
        Identity.Place(request.Type, request.Namespace, applied);
        return applied;
    }

    private StoredObject Find(ApiRequest request) =>
        store.Find(request.Type.Shelf, request.Namespace, request.Name) ?? throw ApiErrors.NotFound(request.Type, request.Name);
}
