using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Types;
using Microsoft.AspNetCore.Http;

namespace Ambient.Kube.Emulator.Discovery;

/// <summary>APIVersions, APIGroupList and APIResourceList.</summary>
internal static class LegacyDiscovery
{
    public static JsonObject CoreVersions(HttpContext http) => new()
    {
        ["kind"] = "APIVersions",
        ["versions"] = JsonPaths.ArrayOf("v1"),
        ["serverAddressByClientCIDRs"] = new JsonArray(new JsonObject { ["clientCIDR"] = "0.0.0.0/0", ["serverAddress"] = http.Request.Host.Value }),
    };

    public static JsonObject Groups(CatalogView view) => new()
    {
        ["kind"] = "APIGroupList",
        ["apiVersion"] = "v1",
        ["groups"] = new JsonArray([.. view.Groups.Where(g => g.Name.Length > 0).Select(g => (JsonNode)Group(g, whole: false))]),
    };

    public static JsonObject Group(ApiGroup group, bool whole)
    {
        JsonObject Version(string v) => new() { ["groupVersion"] = $"{group.Name}/{v}", ["version"] = v };
        var result = new JsonObject();
        if (whole)
        {
            result["kind"] = "APIGroup";
            result["apiVersion"] = "v1";
        }

        result["name"] = group.Name;
        result["versions"] = new JsonArray([.. group.Versions.Select(v => (JsonNode)Version(v))]);
        result["preferredVersion"] = Version(group.Versions[0]);
        return result;
    }

    public static JsonObject Resources(CatalogView view, string group, string version)
    {
        var resources = new JsonArray();
        foreach (ResourceType type in view.Of(group, version))
        {
            resources.Add((JsonNode)Resource(type));
            foreach ((string name, JsonObject kind, string[] verbs) in ResourceVerbs.Subresources(type))
            {
                var sub = new JsonObject { ["name"] = $"{type.Plural}/{name}", ["singularName"] = "", ["namespaced"] = type.Namespaced };
                if (kind.Text("group") != type.Group || kind.Text("version") != type.Version)
                {
                    sub["group"] = kind.Text("group");
                    sub["version"] = kind.Text("version");
                }

                sub["kind"] = kind.Text("kind");
                sub["verbs"] = JsonPaths.ArrayOf(verbs);
                resources.Add((JsonNode)sub);
            }
        }

        return new JsonObject
        {
            ["kind"] = "APIResourceList",
            ["apiVersion"] = "v1",
            ["groupVersion"] = group.Length == 0 ? version : $"{group}/{version}",
            ["resources"] = resources,
        };
    }

    private static JsonObject Resource(ResourceType type)
    {
        var resource = new JsonObject
        {
            ["name"] = type.Plural,
            ["singularName"] = type.Singular,
            ["namespaced"] = type.Namespaced,
            ["kind"] = type.Kind,
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

        return resource;
    }
}
