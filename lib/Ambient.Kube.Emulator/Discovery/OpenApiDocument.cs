using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Types;

namespace Ambient.Kube.Emulator.Discovery;

/// <summary>One group and version as OpenAPI 3.0: its paths (kubectl looks there for what a patch may be) and its schemas.</summary>
internal static class OpenApiDocument
{
    private static readonly string[] PatchMedia =
        ["application/apply-patch+yaml", "application/json-patch+json", "application/merge-patch+json", "application/strategic-merge-patch+json"];

    public static JsonObject Build(IReadOnlyList<ResourceType> types, string version)
    {
        var schemas = new OpenApiSchemas();
        var paths = new JsonObject();
        foreach (ResourceType type in types)
        {
            string component = schemas.AddKind(type);
            if (!type.IsHidden)
            {
                AddPaths(paths, type, component);
            }
        }

        return new JsonObject
        {
            ["openapi"] = "3.0.0",
            ["info"] = new JsonObject { ["title"] = "Kubernetes", ["version"] = $"v{version}" },
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas.Components },
        };
    }

    private static void AddPaths(JsonObject paths, ResourceType type, string component)
    {
        string collection = type.Namespaced ? $"{type.Root}/namespaces/{{namespace}}/{type.Plural}" : $"{type.Root}/{type.Plural}";
        if (type.IsReview)
        {
            paths[collection] = new JsonObject { ["post"] = Operation(type, component, "post", body: [ApiResponse.Json]) };
            return;
        }

        paths[collection] = new JsonObject
        {
            ["get"] = Operation(type, component, "list", body: []),
            ["post"] = Operation(type, component, "post", body: [ApiResponse.Json]),
            ["delete"] = Operation(type, component, "deletecollection", body: []),
        };
        paths[$"{collection}/{{name}}"] = Item(type, component);
        if (type.HasStatus)
        {
            paths[$"{collection}/{{name}}/status"] = Item(type, component, withDelete: false);
        }
    }

    private static JsonObject Item(ResourceType type, string component, bool withDelete = true)
    {
        IEnumerable<string> media = type.Custom is null ? PatchMedia : PatchMedia[..3];
        var item = new JsonObject
        {
            ["get"] = Operation(type, component, "get", body: []),
            ["put"] = Operation(type, component, "put", body: [ApiResponse.Json]),
            ["patch"] = Operation(type, component, "patch", media),
        };
        if (withDelete)
        {
            item["delete"] = Operation(type, component, "delete", body: []);
        }

        return item;
    }

    private static JsonObject Operation(ResourceType type, string component, string action, IEnumerable<string> body)
    {
        var operation = new JsonObject
        {
            ["description"] = $"{action} {type.Kind}",
            ["operationId"] = $"{action}{type.Kind}",
            ["parameters"] = new JsonArray([.. Parameters(action).Select(p => (JsonNode)Parameter(p))]),
            ["responses"] = new JsonObject { ["200"] = new JsonObject { ["description"] = "OK", ["content"] = Content([ApiResponse.Json], component) } },
            ["x-kubernetes-action"] = action,
            ["x-kubernetes-group-version-kind"] = type.GroupVersionKind(),
        };
        if (body.Any())
        {
            operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Content(body, component) };
        }

        return operation;
    }

    private static JsonObject Content(IEnumerable<string> media, string component) =>
        new(media.Select(m => KeyValuePair.Create<string, JsonNode?>(m, new JsonObject { ["schema"] = OpenApiSchemas.Reference(component) })));

    private static string[] Parameters(string action) => action switch
    {
        "post" or "put" => ["dryRun", "fieldManager", "fieldValidation"],
        "patch" => ["dryRun", "fieldManager", "fieldValidation", "force"],
        "list" or "deletecollection" => ["labelSelector", "fieldSelector", "limit", "continue", "resourceVersion", "watch", "timeoutSeconds"],
        "delete" => ["dryRun", "gracePeriodSeconds", "propagationPolicy"],
        _ => [],
    };

    private static JsonObject Parameter(string name)
    {
        string type = name switch { "force" or "watch" => "boolean", "limit" or "timeoutSeconds" or "gracePeriodSeconds" => "integer", _ => "string" };
        return new JsonObject { ["name"] = name, ["in"] = "query", ["schema"] = new JsonObject { ["type"] = type, ["uniqueItems"] = true } };
    }
}
