using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Types;

namespace Ambient.Kube.Emulator.Discovery;

/// <summary>APIGroupDiscoveryList (apidiscovery.k8s.io v2 and v2beta1): all groups in one answer.</summary>
internal static class AggregatedDiscovery
{
    /// <summary>The first version that the Accept header asks for and we have; null where it wants the old form.</summary>
    public static string? VersionAsked(string accept)
    {
        foreach (string choice in accept.Split(','))
        {
            string[] parts = choice.Split(';', StringSplitOptions.TrimEntries);
            if (parts[0] == "application/json" && parts.Contains("as=APIGroupDiscoveryList"))
            {
                return parts.Contains("v=v2") ? "v2" : parts.Contains("v=v2beta1") ? "v2beta1" : null;
            }
        }

        return null;
    }

    public static JsonObject Of(CatalogView view, string version, bool core)
    {
        var items = new JsonArray();
        foreach (ApiGroup group in view.Groups.Where(g => (g.Name.Length == 0) == core))
        {
            var meta = new JsonObject { ["creationTimestamp"] = null };
            if (group.Name.Length > 0)
            {
                meta["name"] = group.Name;
            }

            items.Add((JsonNode)new JsonObject
            {
                ["metadata"] = meta,
                ["versions"] = new JsonArray([.. group.Versions.Select(v => (JsonNode)new JsonObject
                {
                    ["version"] = v,
                    ["resources"] = new JsonArray([.. view.Of(group.Name, v).Select(t => (JsonNode)Resource(t))]),
                    ["freshness"] = "Current",
                })]),
            });
        }

        return new JsonObject
        {
            ["kind"] = "APIGroupDiscoveryList",
            ["apiVersion"] = $"apidiscovery.k8s.io/{version}",
            ["metadata"] = new JsonObject(),
            ["items"] = items,
        };
    }

    private static JsonObject Resource(ResourceType type)
    {
        var resource = new JsonObject
        {
            ["resource"] = type.Plural,
            ["responseKind"] = type.GroupVersionKind(),
            ["scope"] = type.Namespaced ? "Namespaced" : "Cluster",
            ["singularResource"] = type.Singular,
            ["verbs"] = JsonPaths.ArrayOf(ResourceVerbs.Of(type)),
        };
        if (type.ShortNames.Length > 0)
        {
            resource["shortNames"] = JsonPaths.ArrayOf(type.ShortNames);
        }

        if (type.Categories.Length > 0)
        {
            resource["categories"] = JsonPaths.ArrayOf(type.Categories);
        }

        var subresources = new JsonArray([.. ResourceVerbs.Subresources(type).Select(s => (JsonNode)new JsonObject
        {
            ["subresource"] = s.Name, ["responseKind"] = s.Kind, ["verbs"] = JsonPaths.ArrayOf(s.Verbs),
        })]);
        if (subresources.Count > 0)
        {
            resource["subresources"] = subresources;
        }

        return resource;
    }
}
