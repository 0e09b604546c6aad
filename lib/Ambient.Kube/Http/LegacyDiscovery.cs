using System.Collections.Immutable;
using System.Text.Json;
using Ambient.Kube.Resources;

namespace Ambient.Kube.Http;

/// <summary>APIGroupList and APIResourceList, which every server has.</summary>
internal static class LegacyDiscovery
{
    /// <summary><c>group/version</c> strings, each group's preferred version first.</summary>
    public static IEnumerable<string> GroupVersions(JsonElement groupList)
    {
        foreach (JsonElement group in Items(groupList, "groups"))
        {
            string preferred = group.TryGetProperty("preferredVersion", out JsonElement p) ? Text(p, "groupVersion") : "";
            if (preferred.Length > 0)
            {
                yield return preferred;
            }

            foreach (JsonElement version in Items(group, "versions"))
            {
                if (Text(version, "groupVersion") is { Length: > 0 } other && other != preferred)
                {
                    yield return other;
                }
            }
        }
    }

    public static void AddTo(ImmutableArray<ApiResource>.Builder resources, JsonElement resourceList)
    {
        string groupVersion = Text(resourceList, "groupVersion");
        JsonElement[] items = [.. Items(resourceList, "resources")];
        ILookup<string, string> subresources = items.Select(r => Text(r, "name").Split('/', 2)).Where(n => n.Length == 2)
            .ToLookup(n => n[0], n => n[1]);
        foreach (JsonElement item in items)
        {
            string name = Text(item, "name");
            if (name.Length > 0 && !name.Contains('/', StringComparison.Ordinal))
            {
                resources.Add(new ApiResource
                {
                    Type = GroupVersionKind.Parse(groupVersion, Text(item, "kind")),
                    Plural = name,
                    Singular = Text(item, "singularName"),
                    Namespaced = item.TryGetProperty("namespaced", out JsonElement n) && n.ValueKind == JsonValueKind.True,
                    Verbs = Texts(item, "verbs"),
                    ShortNames = Texts(item, "shortNames"),
                    Subresources = [.. subresources[name]],
                });
            }
        }
    }

    public static IEnumerable<JsonElement> Items(JsonElement element, string field) =>
        element.TryGetProperty(field, out JsonElement items) && items.ValueKind == JsonValueKind.Array ? items.EnumerateArray() : [];

    public static string Text(JsonElement element, string field) =>
        element.TryGetProperty(field, out JsonElement text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";

    public static ImmutableArray<string> Texts(JsonElement element, string field) =>
        [.. Items(element, field).Where(e => e.ValueKind == JsonValueKind.String).Select(e => e.GetString()!)];
}
