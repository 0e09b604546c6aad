using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Schemas;

namespace Ambient.Kube.Emulator.Patching.Ownership;

/// <summary>Which fields a value has, and which differ between two: granular where the schema says so (structured-merge-diff's rules).</summary>
internal static class FieldTree
{
    /// <summary>All fields of a value; an empty object and every list item are fields themselves.</summary>
    public static FieldSet Of(JsonNode? value, Schema? schema)
    {
        var set = new FieldSet();
        Collect(value, schema, set);
        return set;
    }

    public static FieldChanges Compare(JsonNode? before, JsonNode? after, Schema? schema)
    {
        var changes = new FieldChanges();
        Walk(before, after, schema?.Shape, changes.Added, changes.Removed, changes.Modified);
        return changes;
    }

    public static bool IsGranularObject(JsonNode? value, Schema? schema) => value is JsonObject && schema?.Shape.AtomicMap != true;

    /// <summary>Lists with keys and sets are granular; every other list is one field. A repeated key makes the list one field too.</summary>
    public static bool IsGranularList(JsonNode? value, Schema? use) =>
        value is JsonArray list && use?.ListType is "map" or "set" && !HasTwins((JsonArray)value!, use!);

    private static bool HasTwins(JsonArray list, Schema use)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return list.Any(i => FieldElement.Item(i, use) is not { } e || !seen.Add(e));
    }

    private static void Collect(JsonNode? value, Schema? use, FieldSet set)
    {
        if (IsGranularObject(value, use))
        {
            var o = (JsonObject)value!;
            set.Member |= o.Count == 0;
            foreach ((string name, JsonNode? field) in o)
            {
                Collect(field, Use(use, name), set.At(FieldElement.Field(name)));
            }
        }
        else if (IsGranularList(value, use))
        {
            var list = (JsonArray)value!;
            set.Member |= list.Count == 0;
            foreach (JsonNode? item in list)
            {
                FieldSet child = set.At(FieldElement.Item(item, use!)!);
                child.Member = true;
                if (use!.ListType == "map")
                {
                    Collect(item, use.Items, child);
                }
            }
        }
        else
        {
            set.Member = true;
        }
    }

    private static void Walk(JsonNode? before, JsonNode? after, Schema? use, FieldSet added, FieldSet removed, FieldSet modified)
    {
        if (IsGranularObject(before, use) && IsGranularObject(after, use))
        {
            var (a, b) = ((JsonObject)before!, (JsonObject)after!);
            foreach (string name in a.Select(f => f.Key).Union(b.Select(f => f.Key)))
            {
                Pair(FieldElement.Field(name), a.ContainsKey(name), a[name], b.ContainsKey(name), b[name], Use(use, name), added, removed, modified);
            }
        }
        else if (IsGranularList(before, use) && IsGranularList(after, use))
        {
            Dictionary<string, JsonNode?> a = ByElement((JsonArray)before!, use!), b = ByElement((JsonArray)after!, use!);
            foreach (string element in a.Keys.Union(b.Keys))
            {
                Pair(element, a.ContainsKey(element), a.GetValueOrDefault(element), b.ContainsKey(element), b.GetValueOrDefault(element), use!.Items, added, removed, modified);
            }
        }
        else if (!JsonNode.DeepEquals(before, after))
        {
            modified.Member = true;
        }
    }

    private static void Pair(string element, bool hasBefore, JsonNode? before, bool hasAfter, JsonNode? after, Schema? use, FieldSet added, FieldSet removed, FieldSet modified)
    {
        if (!hasBefore)
        {
            Whole(added.At(element), after, use);
        }
        else if (!hasAfter)
        {
            Whole(removed.At(element), before, use);
        }
        else
        {
            var (x, y, z) = (new FieldSet(), new FieldSet(), new FieldSet());
            Walk(before, after, use, x, y, z);
            Attach(added, element, x);
            Attach(removed, element, y);
            Attach(modified, element, z);
        }
    }

    private static void Attach(FieldSet parent, string element, FieldSet child)
    {
        if (child.IsEmpty)
        {
            return;
        }

        FieldSet at = parent.At(element);
        at.Member |= child.Member;
        foreach ((string name, FieldSet below) in child.Children)
        {
            Attach(at, name, below);
        }
    }

    private static void Whole(FieldSet set, JsonNode? value, Schema? use)
    {
        set.Member = true;
        Collect(value, use, set);
    }

    private static Dictionary<string, JsonNode?> ByElement(JsonArray list, Schema use) =>
        list.ToDictionary(i => FieldElement.Item(i, use)!, i => i);

    private static Schema? Use(Schema? schema, string name)
    {
        Schema? shape = schema?.Shape;
        return shape is null ? null : shape.Properties.GetValueOrDefault(name) ?? shape.AdditionalProperties;
    }
}
