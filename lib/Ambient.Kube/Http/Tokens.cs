using System.Text.Json.Nodes;
using Ambient.Kube.Resources;

namespace Ambient.Kube.Http;

/// <summary>TokenRequest and TokenReview.</summary>
public static class Tokens
{
    /// <summary>Asks for a token of a service account, bound to a pod (name and uid) with which it dies, or to none.</summary>
    public static async Task<TokenGrant> CreateTokenAsync(
        this KubeClient client, string @namespace, string serviceAccount, IReadOnlyList<string> audiences, TimeSpan lifetime,
        (string Name, string Uid)? boundPod = null, CancellationToken cancellation = default)
    {
        var spec = new JsonObject
        {
            ["audiences"] = new JsonArray([.. audiences.Select(a => (JsonNode)a)]),
            ["expirationSeconds"] = (long)lifetime.TotalSeconds,
        };
        if (boundPod is { } pod)
        {
            spec["boundObjectRef"] = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Pod", ["name"] = pod.Name, ["uid"] = pod.Uid };
        }

        ApiResource accounts = await client.Resource<ServiceAccount>().DescribeAsync(cancellation);
        JsonNode? status = await PostAsync(client, accounts.Path(@namespace, serviceAccount, "token"), "TokenRequest", spec, cancellation);
        return new TokenGrant(
            (string?)status?["token"] ?? throw new KubeException(new Status { Code = 500, Reason = "NoToken", Message = "the answer to TokenRequest has no token" }),
            (DateTimeOffset?)status?["expirationTimestamp"]);
    }

    /// <summary>Asks the server whose token this is and whether it is for one of the audiences.</summary>
    public static async Task<TokenVerdict> ReviewTokenAsync(
        this KubeClient client, string token, IReadOnlyList<string> audiences, CancellationToken cancellation = default)
    {
        var spec = new JsonObject
        {
            ["token"] = token,
            ["audiences"] = new JsonArray([.. audiences.Select(a => (JsonNode)a)]),
        };
        JsonNode? status = await PostAsync(client, "/apis/authentication.k8s.io/v1/tokenreviews", "TokenReview", spec, cancellation);
        JsonNode? user = status?["user"];
        return new TokenVerdict
        {
            Authenticated = (bool?)status?["authenticated"] ?? false,
            Username = (string?)user?["username"] ?? "",
            Uid = (string?)user?["uid"] ?? "",
            Groups = Texts(user?["groups"]),
            Extra = (user?["extra"] as JsonObject)?.ToDictionary(e => e.Key, e => Texts(e.Value))
                ?? (IReadOnlyDictionary<string, IReadOnlyList<string>>)System.Collections.ObjectModel.ReadOnlyDictionary<string, IReadOnlyList<string>>.Empty,
            Audiences = Texts(status?["audiences"]),
            Error = (string?)status?["error"],
        };
    }

    private static async Task<JsonNode?> PostAsync(
        KubeClient client, string path, string kind, JsonObject spec, CancellationToken cancellation)
    {
        var body = new JsonObject { ["apiVersion"] = "authentication.k8s.io/v1", ["kind"] = kind, ["spec"] = spec };
        byte[] answer = await client.Transport.ReadAsync(KubeRequest.Post(path, ObjectCodec.Dynamic.Write(body)), cancellation);
        return JsonNode.Parse(answer)?["status"];
    }

    private static IReadOnlyList<string> Texts(JsonNode? node) =>
        node is JsonArray items ? [.. items.Select(i => (string?)i ?? "")] : [];
}
