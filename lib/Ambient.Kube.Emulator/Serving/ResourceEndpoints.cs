using Ambient.Kube.Emulator.Nodes;
using Ambient.Kube.Emulator.Watching;
using Ambient.Kube.Emulator.Writing;

namespace Ambient.Kube.Emulator.Serving;

/// <summary>Sends a request for a resource to what answers it.</summary>
internal sealed class ResourceEndpoints(ReadEndpoint reads, WatchEndpoint watches, WriteEndpoint writes, DeleteEndpoint deletes, ReviewEndpoint reviews, ScaleEndpoint scales, PodEndpoint pods)
{
    public Task HandleAsync(ApiRequest request)
    {
        string method = request.Http.Request.Method;
        if (request.Type.IsReview)
        {
            return method == "POST" ? reviews.HandleAsync(request) : throw ApiErrors.MethodNotAllowed();
        }

        return request.Path switch
        {
            { Name: "" } => Collection(request, method),
            { Subresource: "" } => One(request, method),
            _ => Subresource(request, method),
        };
    }

    private Task Collection(ApiRequest request, string method)
    {
        if (request.Type.Namespaced && request.Namespace.Length == 0 && method is not "GET")
        {
            throw ApiErrors.MethodNotAllowed();
        }

        return method switch
        {
            "GET" when request.QueryFlag("watch") => watches.HandleAsync(request),
            "GET" => reads.ListAsync(request),
            "POST" => writes.CreateAsync(request),
            "DELETE" => deletes.DeleteCollectionAsync(request),
            _ => throw ApiErrors.MethodNotAllowed(),
        };
    }

    private Task One(ApiRequest request, string method)
    {
        if (request.Type.Namespaced && request.Namespace.Length == 0)
        {
            throw ApiErrors.PageNotFound();
        }

        return method switch
        {
            "GET" when request.QueryFlag("watch") => watches.HandleAsync(request),
            "GET" => reads.GetAsync(request),
            "PUT" => writes.ReplaceAsync(request),
            "PATCH" => writes.PatchAsync(request),
            "DELETE" => deletes.DeleteAsync(request),
            _ => throw ApiErrors.MethodNotAllowed(),
        };
    }

    private Task Subresource(ApiRequest request, string method) => (request.Path.Subresource, method) switch
    {
        ("status", "GET") when request.Type.HasStatus => reads.GetAsync(request),
        ("status", "PUT") when request.Type.HasStatus => writes.ReplaceAsync(request),
        ("status", "PATCH") when request.Type.HasStatus => writes.PatchAsync(request),
        ("finalize", "PUT") when request.Type.Shelf == "/namespaces" => writes.ReplaceAsync(request),
        ("scale", _) when request.Type.Scale is not null => scales.HandleAsync(request, method),
        ("token", "POST") when request.Type.Shelf == "/serviceaccounts" => reviews.TokenAsync(request),
        (_, _) when request.Type.Shelf == "/pods" => pods.HandleAsync(request, method),
        _ => throw ApiErrors.PageNotFound(),
    };
}
