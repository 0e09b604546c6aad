using System.Collections.Immutable;
using System.Text.Json;
using Ambient.Kube.Resources;

namespace Ambient.Kube.Http;

/// <summary>APIGroupDiscoveryList: one document for all groups, versions in the order of preference.</summary>
internal static class AggregatedDiscovery
{
    public static void AddTo(ImmutableArray<ApiResource>.Builder resources, JsonElement list)
    {
        foreach (JsonElement group in LegacyDiscovery.Items(list, "items"))
        {
            string name = group.TryGetProperty("metadata", out JsonElement metadata) ? LegacyDiscovery.Text(metadata, "name") : "";
            foreach (JsonElement version in LegacyDiscovery.Items(group, "versions"))
            {
                foreach (JsonElement resource in LegacyDiscovery.Items(version, "resources"))
                {
                    if (Read(name, LegacyDiscovery.Text(version, "version"), resource) is { } read)
                    {
                        resources.Add(read);
                    }
                }
            }
        }
    }

    private static ApiResource? Read(string group, string version, JsonElement resource)
    {
        // A resource that has subresources only, e.g. reviews of a virtual kind, has no responseKind of its own.
        if (!resource.TryGetProperty("responseKind", out JsonElement type) || LegacyDiscovery.Text(type, "kind") is not { Length: > 0 } kind)
        {
            return null;
        }

        return new ApiResource
        {
            Type = new GroupVersionKind(group, version, kind),
            Plural = LegacyDiscovery.Text(resource, "resource"),
            Singular = LegacyDiscovery.Text(resource, "singularResource"),
            Namespaced = LegacyDiscovery.Text(resource, "scope") == "Namespaced",
            Verbs = LegacyDiscovery.Texts(resource, "verbs"),
            ShortNames = LegacyDiscovery.Texts(resource, "shortNames"),
            Subresources = [.. LegacyDiscovery.Items(resource, "subresources").Select(s => LegacyDiscovery.Text(s, "subresource"))],
        };
    }
}
