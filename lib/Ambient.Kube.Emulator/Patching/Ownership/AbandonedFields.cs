using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Schemas;

namespace Ambient.Kube.Emulator.Patching.Ownership;

/// <summary>Takes out of an object what its manager once applied and applies no more, where nobody else owns it.</summary>
internal static class AbandonedFields
{
    public static void Remove(JsonNode? value, Schema? use, FieldSet before, FieldSet? configured, FieldSet[] others)
    {
        foreach ((string element, FieldSet owned) in before.Children)
        {
            FieldSet? still = configured?.Find(element);
            FieldSet[] shared = [.. others.Select(o => o.Find(element)).OfType<FieldSet>()];
            (JsonNode? child, Schema? childUse, Action drop) = Step(value, use, element);
            if (child is null)
            {
                continue;
            }

            if (still is null && shared.Length == 0 && owned.Member)
            {
                drop();
                continue;
            }

            Remove(child, childUse, owned, still, shared);
            if (still is null && shared.Length == 0 && child is JsonObject { Count: 0 } or JsonArray { Count: 0 })
            {
                drop();
            }
        }
    }

    private static (JsonNode? Child, Schema? Use, Action Drop) Step(JsonNode? value, Schema? use, string element)
    {
        if (value is JsonObject o && element.StartsWith("f:", StringComparison.Ordinal))
        {
            string name = element[2..];
            Schema? shape = use?.Shape;
            return (o[name], shape?.Properties.GetValueOrDefault(name) ?? shape?.AdditionalProperties, () => o.Remove(name));
        }

        if (value is JsonArray list && use is not null)
        {
            JsonNode? found = list.FirstOrDefault(i => FieldElement.Item(i, use) == element);
            return (found, use.Items, () => list.Remove(found));
        }

        return (null, null, static () => { });
    }
}
