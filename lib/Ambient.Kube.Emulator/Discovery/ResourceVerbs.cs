using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Types;

namespace Ambient.Kube.Emulator.Discovery;

/// <summary>Verbs of resources and their subresources, as discovery tells them.</summary>
internal static class ResourceVerbs
{
    private static readonly string[] All = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
    private static readonly string[] Changing = ["get", "patch", "update"];
    private static readonly string[] Creating = ["create"];

    public static string[] Of(ResourceType type) => type.IsReview ? Creating : All;

    /// <summary>Subresource, the kind that it takes and gives, its verbs.</summary>
    public static IEnumerable<(string Name, JsonObject Kind, string[] Verbs)> Subresources(ResourceType type)
    {
        if (type.HasStatus)
        {
            yield return ("status", type.GroupVersionKind(), Changing);
        }

        if (type.Scale is not null)
        {
            yield return ("scale", Kind("autoscaling", "v1", "Scale"), Changing);
        }

        switch (type.Shelf)
        {
            case "/pods":
                yield return ("binding", Kind("", "v1", "Binding"), Creating);
                yield return ("eviction", Kind("policy", "v1", "Eviction"), Creating);
                yield return ("exec", Kind("", "v1", "PodExecOptions"), ["create", "get"]);
                yield return ("log", Kind("", "v1", "Pod"), ["get"]);
                break;
            case "/serviceaccounts":
                yield return ("token", Kind("authentication.k8s.io", "v1", "TokenRequest"), Creating);
                break;
            case "/namespaces":
                yield return ("finalize", Kind("", "v1", "Namespace"), ["update"]);
                break;
        }
    }

    private static JsonObject Kind(string group, string version, string kind) => new() { ["group"] = group, ["version"] = version, ["kind"] = kind };
}
