using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Schemas;
using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Types;

namespace Ambient.Kube.Emulator.Discovery;

/// <summary>The components of one OpenAPI document.</summary>
internal sealed class OpenApiSchemas
{
    public JsonObject Components { get; } = [];

    public static JsonObject Reference(string component) => new() { ["$ref"] = $"#/components/schemas/{component}" };

    /// <summary>Adds a kind with all that it refers to, and its list; returns the component's name.</summary>
    public string AddKind(ResourceType type)
    {
        string name = type.Schema.Component ?? CustomName(type);
        if (type.Custom is null)
        {
            Add(type.Schema);
        }
        else if (!Components.ContainsKey(name))
        {
            Components[name] = Custom(type);
        }

        ((JsonObject)Components[name]!)["x-kubernetes-group-version-kind"] ??= new JsonArray(type.GroupVersionKind());
        if (!type.IsHidden && !type.IsReview)
        {
            Components[name + "List"] = new JsonObject
            {
                ["type"] = "object",
                ["description"] = $"A list of {type.Kind}",
                ["required"] = JsonPaths.ArrayOf("items"),
                ["properties"] = new JsonObject
                {
                    ["apiVersion"] = new JsonObject { ["type"] = "string" },
                    ["kind"] = new JsonObject { ["type"] = "string" },
                    ["metadata"] = new JsonObject { ["type"] = "object" },
                    ["items"] = new JsonObject { ["type"] = "array", ["items"] = Reference(name) },
                },
                ["x-kubernetes-group-version-kind"] = new JsonArray(new JsonObject { ["group"] = type.Group, ["version"] = type.Version, ["kind"] = type.ListKind }),
            };
        }

        return name;
    }

    private static string CustomName(ResourceType type) => $"{string.Join('.', type.Group.Split('.').Reverse())}.{type.Version}.{type.Kind}";

    private JsonObject Custom(ResourceType type)
    {
        JsonObject schema = type.Schema.Source?.Copy() ?? new JsonObject { ["type"] = "object", ["x-kubernetes-preserve-unknown-fields"] = true };
        JsonObject properties = schema.Ensure("properties");
        properties["apiVersion"] ??= new JsonObject { ["type"] = "string" };
        properties["kind"] ??= new JsonObject { ["type"] = "string" };
        Schema metadata = type.Schema.Properties["metadata"].Shape;
        Add(metadata);
        properties["metadata"] = new JsonObject { ["allOf"] = new JsonArray(Reference(metadata.Component!)) };
        return schema;
    }

    private void Add(Schema schema)
    {
        if (Components.ContainsKey(schema.Component!))
        {
            return;
        }

        // Taken before its fields are written, so that a type may refer to itself.
        Components[schema.Component!] = new JsonObject();
        JsonObject written = Write(schema, inPlace: true);
        Components[schema.Component!] = written;
    }

    private JsonObject Write(Schema schema, bool inPlace = false)
    {
        if (!inPlace && schema.Shape.Component is { } component)
        {
            Add(schema.Shape);
            return Use(schema, component);
        }

        var result = new JsonObject();
        if (schema.Description is { } description)
        {
            result["description"] = description;
        }

        switch (schema.Format)
        {
            case "quantity":
            case "int-or-string":
                result["oneOf"] = new JsonArray(new JsonObject { ["type"] = "string" }, new JsonObject { ["type"] = schema.Format == "quantity" ? "number" : "integer" });
                if (schema.Format != "quantity")
                {
                    result["format"] = schema.Format;
                }

                break;
            default:
                result["type"] = schema.Type ?? "object";
                if (schema.Format is not null)
                {
                    result["format"] = schema.Format;
                }

                break;
        }

        Structure(schema, result);
        Extensions(schema, result);
        return result;
    }

    private void Structure(Schema schema, JsonObject result)
    {
        if (schema.Properties.Count > 0)
        {
            result["properties"] = new JsonObject(schema.Properties.Select(p => KeyValuePair.Create<string, JsonNode?>(p.Key, Write(p.Value))));
        }

        if (schema.AdditionalProperties is { } values)
        {
            result["additionalProperties"] = Write(values);
        }

        if (schema.Items is { } items)
        {
            result["items"] = Write(items);
        }

        if (schema.Required.Count > 0)
        {
            result["required"] = JsonPaths.ArrayOf(schema.Required);
        }

        if (schema.Default is { } fallback)
        {
            result["default"] = fallback.DeepClone();
        }

        if (schema.Enum is { } allowed)
        {
            result["enum"] = allowed.DeepClone();
        }
    }

    private static JsonObject Use(Schema schema, string component)
    {
        var use = new JsonObject { ["allOf"] = new JsonArray(Reference(component)) };
        if (schema.Description is { } description && schema.Target is not null)
        {
            use["description"] = description;
        }

        if (schema.Default is { } fallback)
        {
            use["default"] = fallback.DeepClone();
        }

        Extensions(schema, use);
        return use;
    }

    private static void Extensions(Schema schema, JsonObject result)
    {
        if (schema.ListType is { } list)
        {
            result["x-kubernetes-list-type"] = list;
        }
        else if (schema.Type == "array")
        {
            result["x-kubernetes-list-type"] = "atomic";
        }

        if (schema.ListMapKeys.Length > 0)
        {
            result["x-kubernetes-list-map-keys"] = JsonPaths.ArrayOf(schema.ListMapKeys);
        }

        if (schema.AtomicMap)
        {
            result["x-kubernetes-map-type"] = "atomic";
        }

        if (schema.PatchMergeKey is { } key)
        {
            if (key.Length > 0)
            {
                result["x-kubernetes-patch-merge-key"] = key;
            }

            result["x-kubernetes-patch-strategy"] = schema.PatchRetainKeys ? "merge,retainKeys" : "merge";
        }
        else if (schema.PatchRetainKeys)
        {
            result["x-kubernetes-patch-strategy"] = "retainKeys";
        }
    }
}
