using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Authentication;
using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Storage;

namespace Ambient.Kube.Emulator.Writing;

/// <summary>Questions that are answered and not stored, and service account tokens. There is no authorization: whoever is authenticated may do all.</summary>
internal sealed class ReviewEndpoint(ResourceStore store, TokenAuthority tokens, TimeProvider time)
{
    private const long MinTokenSeconds = 600;
    private const long MaxTokenSeconds = 1L << 32;

    public async Task HandleAsync(ApiRequest request)
    {
        JsonObject body = await request.ReadObjectAsync() ?? throw ApiErrors.BadRequest("the request has no body");
        Identity.CheckKind(request.Type, body);
        body["status"] = request.Type.Plural switch
        {
            "tokenreviews" => TokenStatus(body),
            "selfsubjectreviews" => new JsonObject { ["userInfo"] = request.User.ToUserInfo() },
            "selfsubjectrulesreviews" => new JsonObject
            {
                ["resourceRules"] = new JsonArray(new JsonObject
                {
                    ["verbs"] = JsonPaths.ArrayOf("*"),
                    ["apiGroups"] = JsonPaths.ArrayOf("*"),
                    ["resources"] = JsonPaths.ArrayOf("*"),
                }),
                ["nonResourceRules"] = new JsonArray(new JsonObject { ["verbs"] = JsonPaths.ArrayOf("*"), ["nonResourceURLs"] = JsonPaths.ArrayOf("*") }),
                ["incomplete"] = false,
            },
            _ => new JsonObject { ["allowed"] = true, ["reason"] = "every authenticated caller may do everything here" },
        };
        body.Ensure("metadata")["creationTimestamp"] = ObjectWriter.Timestamp(time.GetUtcNow());
        await ApiResponse.WriteAsync(request.Http, 201, body);
    }

    public async Task TokenAsync(ApiRequest request)
    {
        JsonObject body = await request.ReadObjectAsync() ?? [];
        StoredObject account = store.Find(request.Type.Shelf, request.Namespace, request.Name) ?? throw ApiErrors.NotFound(request.Type, request.Name);
        JsonObject spec = body.Ensure("spec");
        long seconds = spec.Number("expirationSeconds") ?? 3600;
        if (seconds is < MinTokenSeconds or > MaxTokenSeconds)
        {
            throw ApiErrors.Invalid(request.Type, request.Name, [FieldError.Invalid("spec.expirationSeconds", seconds,
                seconds < MinTokenSeconds ? "may not specify a duration less than 10 minutes" : "may not specify a duration larger than 2^32 seconds")]);
        }

        string[] audiences = [.. spec.Items("audiences").Select(a => a.Plain() ?? "")];
        audiences = audiences.Length == 0 ? [tokens.Issuer] : audiences;
        DateTimeOffset expires = time.GetUtcNow().AddSeconds(seconds);
        body["apiVersion"] = "authentication.k8s.io/v1";
        body["kind"] = "TokenRequest";
        body["metadata"] = new JsonObject
        {
            ["name"] = account.Name,
            ["namespace"] = account.Namespace,
            ["creationTimestamp"] = ObjectWriter.Timestamp(time.GetUtcNow()),
        };
        spec["audiences"] = JsonPaths.ArrayOf(audiences);
        spec["expirationSeconds"] = seconds;
        body["status"] = new JsonObject
        {
            ["token"] = tokens.Sign(account, audiences, expires, BoundPod(request, account, spec.Object("boundObjectRef"))),
            ["expirationTimestamp"] = ObjectWriter.Timestamp(expires),
        };
        await ApiResponse.WriteAsync(request.Http, 201, body);
    }

    private StoredObject? BoundPod(ApiRequest request, StoredObject account, JsonObject? reference)
    {
        if (reference is null)
        {
            return null;
        }

        if (reference.Text("kind") != "Pod")
        {
            throw ApiErrors.BadRequest($"cannot bind token for serviceaccount \"{account.Name}\" to object of kind {reference.Text("kind")}: only Pod is supported");
        }

        string name = reference.Text("name") ?? "";
        StoredObject pod = store.Find("/pods", request.Namespace, name)
            ?? throw new ApiException(404, "NotFound", $"pods \"{name}\" not found", new JsonObject { ["name"] = name, ["kind"] = "pods" });
        if (reference.Text("uid") is { Length: > 0 } uid && uid != pod.Uid)
        {
            throw new ApiException(409, "Conflict", $"Operation cannot be fulfilled on pods \"{name}\": the UID in the bound object reference ({uid}) does not match the UID in record. The object might have been deleted and then recreated");
        }

        return pod.Value.Text("spec", "serviceAccountName") == account.Name
            ? pod
            : throw ApiErrors.BadRequest($"cannot bind token for serviceaccount \"{account.Name}\" to pod running with different serviceaccount name.");
    }

    private JsonObject TokenStatus(JsonObject review)
    {
        string[] audiences = [.. review.Items("spec", "audiences").Select(a => a.Plain() ?? "")];
        audiences = audiences.Length == 0 ? [tokens.Issuer] : audiences;
        AuthenticatedUser? user = tokens.Verify(review.Text("spec", "token") ?? "", audiences, out List<string> matched, out string error);
        return user is null
            ? new JsonObject { ["user"] = new JsonObject(), ["error"] = $"[{error}]" }
            : new JsonObject { ["authenticated"] = true, ["user"] = user.ToUserInfo(), ["audiences"] = JsonPaths.ArrayOf(matched) };
    }
}
