using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Storage;
using Ambient.Kube.Emulator.Writing;

namespace Ambient.Kube.Emulator.Nodes;

/// <summary>Subresources of pods: binding, eviction, log, exec.</summary>
internal sealed class PodEndpoint(ResourceStore store, ObjectWriter writer, ObjectDeleter deleter, LogEndpoint logs, ExecEndpoint execs)
{
    public Task HandleAsync(ApiRequest request, string method)
    {
        StoredObject pod = store.Find(request.Type.Shelf, request.Namespace, request.Name) ?? throw ApiErrors.NotFound(request.Type, request.Name);
        return (request.Path.Subresource, method) switch
        {
            ("binding", "POST") => BindAsync(request, pod),
            ("eviction", "POST") => EvictAsync(request, pod),
            ("log", "GET") => logs.HandleAsync(request, pod),
            ("exec", "GET" or "POST") => execs.HandleAsync(request, pod),
            _ => throw ApiErrors.PageNotFound(),
        };
    }

    private async Task BindAsync(ApiRequest request, StoredObject pod)
    {
        JsonObject binding = await request.ReadObjectAsync() ?? [];
        string node = binding.Text("target", "name") is { Length: > 0 } name ? name
            : throw ApiErrors.Invalid(request.Type, request.Name, [FieldError.Required("target.name")]);
        while (true)
        {
            if (pod.Value.Text("spec", "nodeName") is { Length: > 0 } already)
            {
                throw ApiErrors.Conflict(request.Type, request.Name, $"pod {request.Name} is already assigned to node \"{already}\"");
            }

            JsonObject value = pod.Value.Copy();
            value.Ensure("spec")["nodeName"] = node;
            JsonObject status = value.Ensure("status");
            status["conditions"] = new JsonArray(
            [
                .. status.Items("conditions").Where(c => c.Text("type") != "PodScheduled").Select(c => c?.DeepClone()),
                new JsonObject { ["type"] = "PodScheduled", ["status"] = "True", ["lastProbeTime"] = null, ["lastTransitionTime"] = ObjectWriter.Timestamp(writer.Time.GetUtcNow()) },
            ]);
            if (store.Replace(request.Type.Shelf, pod, value) is not null)
            {
                break;
            }

            pod = store.Find(request.Type.Shelf, request.Namespace, request.Name) ?? throw ApiErrors.NotFound(request.Type, request.Name);
        }

        await SuccessAsync(request);
    }

    private async Task EvictAsync(ApiRequest request, StoredObject pod)
    {
        JsonObject eviction = await request.ReadObjectAsync() ?? [];
        deleter.Delete(request.Type, pod, new DeleteOptions { GraceSeconds = eviction.Number("deleteOptions", "gracePeriodSeconds"), DryRun = request.IsDryRun });
        await SuccessAsync(request);
    }

    private static Task SuccessAsync(ApiRequest request) => ApiResponse.WriteAsync(request.Http, 201, new JsonObject
    {
        ["kind"] = "Status",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject(),
        ["status"] = "Success",
        ["code"] = 201,
    });
}
