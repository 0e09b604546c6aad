using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Storage;

namespace Ambient.Kube.Emulator.Writing;

/// <summary>Delete one object or a collection.</summary>
internal sealed class DeleteEndpoint(ResourceStore store, ObjectDeleter deleter, ReadEndpoint reads)
{
    public async Task DeleteAsync(ApiRequest request)
    {
        DeleteOptions options = await DeleteOptions.ReadAsync(request);
        StoredObject old = store.Find(request.Type.Shelf, request.Namespace, request.Name) ?? throw ApiErrors.NotFound(request.Type, request.Name);
        (StoredObject stored, bool gone) = deleter.Delete(request.Type, old, options);
        if (gone && request.Type.Shelf != "/pods")
        {
            var details = new JsonObject { ["name"] = stored.Name };
            if (request.Type.Group.Length > 0)
            {
                details["group"] = request.Type.Group;
            }

            details["kind"] = request.Type.Plural;
            details["uid"] = stored.Uid;
            await ApiResponse.WriteAsync(request.Http, 200, new JsonObject
            {
                ["kind"] = "Status",
                ["apiVersion"] = "v1",
                ["metadata"] = new JsonObject(),
                ["status"] = "Success",
                ["details"] = details,
            });
            return;
        }

        await reads.AnswerAsync(request, 200, stored);
    }

    public async Task DeleteCollectionAsync(ApiRequest request)
    {
        DeleteOptions options = await DeleteOptions.ReadAsync(request);
        LabelSelector labels = LabelSelector.Parse(request.Query("labelSelector"));
        FieldSelector fields = FieldSelector.Parse(request.Query("fieldSelector"), request.Type);
        foreach (StoredObject stored in store.Shelf(request.Type.Shelf).Values)
        {
            if (stored.Namespace == request.Namespace && labels.Matches(stored.Value) && fields.Matches(stored.Value))
            {
                try
                {
                    deleter.Delete(request.Type, stored, options);
                }
                catch (ApiException e) when (e.Code == 404)
                {
                    // Gone while we went through the list.
                }
            }
        }

        await reads.ListAsync(request);
    }
}
