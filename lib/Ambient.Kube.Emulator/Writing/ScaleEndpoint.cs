using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Patching;
using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Storage;
using Ambient.Kube.Emulator.Types;

namespace Ambient.Kube.Emulator.Writing;

/// <summary>The scale subresource: autoscaling/v1 Scale over the object's own replica fields.</summary>
internal sealed class ScaleEndpoint(ResourceStore store, ObjectWriter writer)
{
    public async Task HandleAsync(ApiRequest request, string method)
    {
        JsonNode? body = method is "PUT" or "PATCH" ? ApiRequest.ParseNode(await request.ReadBytesAsync()) : null;
        for (int race = 0; race < 20; race++)
        {
            StoredObject old = store.Find(request.Type.Shelf, request.Namespace, request.Name) ?? throw ApiErrors.NotFound(request.Type, request.Name);
            JsonObject value = ObjectWriter.Versioned(request.Type, old);
            JsonObject scale = Read(request.Type.Scale!, value);
            if (method == "GET")
            {
                await ApiResponse.WriteAsync(request.Http, 200, scale);
                return;
            }

            JsonNode? wanted = (method, request.MediaType, body) switch
            {
                ("PUT", _, _) => body,
                ("PATCH", "application/json-patch+json", JsonArray operations) => JsonPatch.Apply(scale, operations),
                ("PATCH", _, _) => MergePatch.Apply(scale, body),
                _ => throw ApiErrors.MethodNotAllowed(),
            };
            if (Write(request, old, value.Copy(), wanted) is { } stored)
            {
                await ApiResponse.WriteAsync(request.Http, 200, Read(request.Type.Scale!, ObjectWriter.Versioned(request.Type, stored)));
                return;
            }
        }

        throw ApiErrors.StaleVersion(request.Type, request.Name);
    }

    private StoredObject? Write(ApiRequest request, StoredObject old, JsonObject value, JsonNode? wanted)
    {
        if (wanted.Number("spec", "replicas") is not { } replicas)
        {
            throw ApiErrors.BadRequest("spec.replicas is missing");
        }

        if (replicas < 0)
        {
            throw ApiErrors.Invalid(request.Type, request.Name, [FieldError.Invalid("spec.replicas", replicas, "must be greater than or equal to 0")]);
        }

        string[] path = Path(request.Type.Scale!.SpecReplicas);
        value.Ensure(path.AsSpan(0, path.Length - 1))[path[^1]] = replicas;
        if (wanted.Text("metadata", "resourceVersion") is { Length: > 0 } version)
        {
            value.Meta()["resourceVersion"] = version;
        }

        return writer.Update(request.Type, old, value, WriteContext.Of(request));
    }

    private static JsonObject Read(ScalePaths paths, JsonObject value)
    {
        JsonObject meta = new();
        foreach (string field in (string[])["name", "namespace", "uid", "resourceVersion", "creationTimestamp"])
        {
            meta[field] = value.At("metadata", field)?.DeepClone();
        }

        var status = new JsonObject { ["replicas"] = value.Number(Path(paths.StatusReplicas)) ?? 0 };
        string? selector = paths.Selector is { } at && value.Text(Path(at)) is { } text ? text : Selector(value.Object("spec", "selector"));
        if (!string.IsNullOrEmpty(selector))
        {
            status["selector"] = selector;
        }

        return new JsonObject
        {
            ["kind"] = "Scale",
            ["apiVersion"] = "autoscaling/v1",
            ["metadata"] = meta,
            ["spec"] = new JsonObject { ["replicas"] = value.Number(Path(paths.SpecReplicas)) ?? 0 },
            ["status"] = status,
        };
    }

    private static string Selector(JsonObject? selector) =>
        string.Join(',', (selector.Object("matchLabels") ?? []).Select(l => $"{l.Key}={l.Value.Plain()}"));

    private static string[] Path(string dotted) => dotted.TrimStart('.').Split('.');
}
