using System.Globalization;
using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;

namespace Ambient.Kube.Emulator.Patching;

/// <summary>JSON patch (RFC 6902): add, remove, replace, move, copy, test; at most 10,000 operations, as the real server.</summary>
internal static class JsonPatch
{
    private const int MaxOperations = 10_000;

    public static JsonNode Apply(JsonObject target, JsonArray operations)
    {
        if (operations.Count > MaxOperations)
        {
            throw new ApiException(413, "RequestEntityTooLarge", $"The allowed maximum operations in a JSON patch is {MaxOperations}, got {operations.Count}");
        }

        JsonNode? root = target.DeepClone();
        foreach (JsonNode? operation in operations)
        {
            root = One(root, operation);
        }

        return root ?? throw ApiErrors.BadRequest("the patch removed the whole document");
    }

    private static JsonNode? One(JsonNode? root, JsonNode? operation)
    {
        string path = operation.Text("path") ?? throw Refused("missing path");
        switch (operation.Text("op"))
        {
            case "add":
                return Put(root, path, operation.At("value")?.DeepClone(), insert: true);
            case "replace":
                Find(root, path);
                return Put(root, path, operation.At("value")?.DeepClone(), insert: false);
            case "remove":
                Remove(root, path);
                return root;
            case "test":
                return JsonNode.DeepEquals(Find(root, path), operation.At("value")) ? root : throw Refused($"testing value {path} failed");
            case "copy":
                return Put(root, path, Find(root, From(operation))?.DeepClone(), insert: true);
            case "move":
                JsonNode? moved = Find(root, From(operation))?.DeepClone();
                Remove(root, From(operation));
                return Put(root, path, moved, insert: true);
            default:
                throw Refused($"unexpected kind: {operation.Text("op")}");
        }
    }

    private static string From(JsonNode? operation) => operation.Text("from") ?? throw Refused("missing from");

    private static JsonNode? Find(JsonNode? root, string path)
    {
        foreach (string part in Parts(path))
        {
            root = root switch
            {
                JsonObject o when o.TryGetPropertyValue(part, out JsonNode? child) => child,
                JsonArray a when Index(part, a.Count - 1) is { } i => a[i],
                _ => throw Refused($"the path {path} does not exist"),
            };
        }

        return root;
    }

    private static JsonNode? Put(JsonNode? root, string path, JsonNode? value, bool insert)
    {
        string[] parts = Parts(path);
        if (parts.Length == 0)
        {
            return value;
        }

        switch (Find(root, Parent(path)))
        {
            case JsonObject o:
                o[parts[^1]] = value;
                break;
            case JsonArray a when insert && parts[^1] == "-":
                a.Add(value);
                break;
            case JsonArray a when Index(parts[^1], insert ? a.Count : a.Count - 1) is { } i:
                if (!insert)
                {
                    a.RemoveAt(i);
                }

                a.Insert(i, value);
                break;
            default:
                throw Refused($"the path {path} does not exist");
        }

        return root;
    }

    private static void Remove(JsonNode? root, string path)
    {
        string last = Parts(path) is [.., var name] ? name : throw Refused("the whole document cannot be removed");
        switch (Find(root, Parent(path)))
        {
            case JsonObject o when o.Remove(last):
                break;
            case JsonArray a when Index(last, a.Count - 1) is { } i:
                a.RemoveAt(i);
                break;
            default:
                throw Refused($"remove operation does not apply: doc is missing path: \"{path}\": missing value");
        }
    }

    private static int? Index(string part, int last) =>
        int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int i) && i <= last ? i : null;

    private static string Parent(string path) => path[..path.LastIndexOf('/')];

    private static string[] Parts(string path) => path switch
    {
        "" => [],
        ['/', ..] => [.. path[1..].Split('/').Select(p => p.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))],
        _ => throw Refused($"the path {path} does not start with a slash"),
    };

    private static ApiException Refused(string why) =>
        new(422, "Invalid", $"the server rejected our request due to an error in our request: {why}", new JsonObject());
}
