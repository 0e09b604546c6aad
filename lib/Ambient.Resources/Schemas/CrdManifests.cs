using System.Reflection;
using System.Text.Json.Nodes;

namespace Ambient.Resources.Schemas;

/// <summary>CustomResourceDefinitions made from the C# types.</summary>
public static class CrdManifests
{
    private const string Header = "# Generated from the C# types of Ambient.Resources by `make crds`; edit these, not this file.\n";

    /// <summary>File name (<c>security.istio.io_authorizationpolicies.yaml</c>) and YAML text of every CRD, sorted by name.</summary>
    public static IReadOnlyDictionary<string, string> All() => new SortedDictionary<string, string>(
        Types().ToDictionary(static t => FileOf(t.Resource), static t => Header + YamlText.Of(Definition(t.Type, t.Resource))), StringComparer.Ordinal);

    /// <summary>Writes <see cref="All"/> and removes other <c>*.yaml</c> files of the directory.</summary>
    public static void Write(string directory)
    {
        Directory.CreateDirectory(directory);
        var all = All();
        foreach (string stale in Directory.EnumerateFiles(directory, "*.yaml").Where(f => !all.ContainsKey(Path.GetFileName(f))))
        {
            File.Delete(stale);
        }

        foreach (var (file, text) in all)
        {
            File.WriteAllText(Path.Combine(directory, file), text);
        }
    }

    /// <summary>API group to the kinds that are served, sorted.</summary>
    public static ILookup<string, string> Kinds() => Types().OrderBy(static t => t.Resource.Kind, StringComparer.Ordinal)
        .ToLookup(static t => t.Resource.Group, static t => t.Resource.Kind);

    private static IEnumerable<(Type Type, ResourceAttribute Resource)> Types() =>
        typeof(CrdManifests).Assembly.GetTypes()
            .Select(static t => (t, t.GetCustomAttribute<ResourceAttribute>()!))
            .Where(static t => t.Item2 is not null);

    private static string FileOf(ResourceAttribute resource) => $"{resource.Group}_{resource.Plural}.yaml";

    private static JsonObject Definition(Type type, ResourceAttribute resource)
    {
        var metadata = new JsonObject { ["name"] = $"{resource.Plural}.{resource.Group}" };
        if (resource.Group.EndsWith(".k8s.io", StringComparison.Ordinal))
        {
            // The API server refuses definitions in this domain without a word about their approval.
            metadata["annotations"] = new JsonObject
            {
                ["api-approved.kubernetes.io"] = "unapproved, a subset for clusters that do not have the official definitions",
            };
        }

        return new JsonObject
        {
            ["apiVersion"] = "apiextensions.k8s.io/v1",
            ["kind"] = "CustomResourceDefinition",
            ["metadata"] = metadata,
            ["spec"] = new JsonObject
            {
                ["group"] = resource.Group,
                ["names"] = Names(resource),
                ["scope"] = resource.ClusterScoped ? "Cluster" : "Namespaced",
                ["versions"] = new JsonArray([.. resource.Versions.Select((v, i) => Version(type, v, stored: i == 0))]),
            },
        };
    }

    private static JsonObject Names(ResourceAttribute resource)
    {
        var names = new JsonObject
        {
            ["kind"] = resource.Kind,
            ["listKind"] = resource.Kind + "List",
            ["plural"] = resource.Plural,
            ["singular"] = resource.Kind.ToLowerInvariant(),
        };
        if (resource.ShortNames.Length > 0)
        {
            names["shortNames"] = new JsonArray([.. resource.ShortNames.Select(static n => (JsonNode)n)]);
        }

        names["categories"] = new JsonArray([.. resource.Categories.Select(static n => (JsonNode)n)]);
        return names;
    }

    private static JsonObject Version(Type type, string version, bool stored) => new()
    {
        ["name"] = version,
        ["served"] = true,
        ["storage"] = stored,
        ["additionalPrinterColumns"] = new JsonArray([.. type.GetCustomAttributes<ColumnAttribute>().Append(new("Age", ".metadata.creationTimestamp", "date")).Select(Column)]),
        ["subresources"] = new JsonObject { ["status"] = new JsonObject() },
        ["schema"] = new JsonObject { ["openAPIV3Schema"] = Root(SchemaBuilder.For(type)) },
    };

    private static JsonObject Root(FieldSchema schema)
    {
        var root = OpenApiText.Of(schema);
        var properties = (JsonObject)root["properties"]!;
        properties["status"] = new JsonObject
        {
            ["description"] = "What became of it: conditions that name the field and the reason.",
            ["type"] = "object",
            ["x-kubernetes-preserve-unknown-fields"] = true,
        };
        return root;
    }

    private static JsonNode Column(ColumnAttribute column)
    {
        var result = new JsonObject { ["name"] = column.Name, ["type"] = column.Type, ["jsonPath"] = column.JsonPath };
        if (column.Priority > 0)
        {
            result["priority"] = column.Priority;
        }

        return result;
    }
}
