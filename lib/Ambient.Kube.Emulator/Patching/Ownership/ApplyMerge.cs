using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Schemas;
using Ambient.Kube.Emulator.Serving;

namespace Ambient.Kube.Emulator.Patching.Ownership;

/// <summary>Puts an applied configuration over an object: what it names is set, the rest stays.</summary>
internal static class ApplyMerge
{
    public static JsonNode? Merge(JsonNode? live, JsonNode? applied, Schema? use)
    {
        if (FieldTree.IsGranularObject(live, use) && FieldTree.IsGranularObject(applied, use))
        {
            JsonObject result = ((JsonObject)live!).Copy();
            foreach ((string name, JsonNode? value) in (JsonObject)applied!)
            {
                Schema? shape = use?.Shape;
                result[name] = Merge(result[name], value, shape?.Properties.GetValueOrDefault(name) ?? shape?.AdditionalProperties);
            }

            return result;
        }

        return FieldTree.IsGranularList(live, use) && FieldTree.IsGranularList(applied, use)
            ? MergeList((JsonArray)live!, (JsonArray)applied!, use!)
            : applied?.DeepClone();
    }

    private static JsonArray MergeList(JsonArray live, JsonArray applied, Schema use)
    {
        var result = new JsonArray();
        Dictionary<string, JsonNode?> changes = applied.ToDictionary(i => FieldElement.Item(i, use)!, i => i);
        var placed = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonNode? item in live)
        {
            string element = FieldElement.Item(item, use)!;
            placed.Add(element);
            result.Add(changes.TryGetValue(element, out JsonNode? change) ? Merge(item, change, use.Items) : item?.DeepClone());
        }

        foreach ((string element, JsonNode? item) in changes)
        {
            if (!placed.Contains(element))
            {
                result.Add(item?.DeepClone());
            }
        }

        return result;
    }
}
