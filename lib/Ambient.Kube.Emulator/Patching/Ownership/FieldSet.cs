using System.Text.Json.Nodes;

namespace Ambient.Kube.Emulator.Patching.Ownership;

/// <summary>
/// A set of fields, as the tree that managedFields writes (fieldsV1): elements are <c>f:NAME</c>, <c>k:{keys}</c> for an item of a list with
/// keys, <c>v:VALUE</c> for an item of a set; <c>.</c> is the node itself.
/// </summary>
internal sealed class FieldSet
{
    private readonly SortedDictionary<string, FieldSet> children = new(StringComparer.Ordinal);

    /// <summary>The node itself is in the set, not only what is below it.</summary>
    public bool Member { get; set; }

    public IReadOnlyDictionary<string, FieldSet> Children => children;

    public bool IsEmpty => !Member && children.Count == 0;

    public FieldSet? Find(string element) => children.GetValueOrDefault(element);

    public FieldSet At(string element)
    {
        if (!children.TryGetValue(element, out FieldSet? child))
        {
            children[element] = child = new FieldSet();
        }

        return child;
    }

    public static FieldSet Parse(JsonObject? fields)
    {
        var set = new FieldSet();
        foreach ((string element, JsonNode? below) in fields ?? [])
        {
            if (element == ".")
            {
                set.Member = true;
            }
            else
            {
                FieldSet child = Parse(below as JsonObject);
                child.Member |= child.children.Count == 0;
                set.children[element] = child;
            }
        }

        return set;
    }

    public JsonObject ToJson()
    {
        var result = new JsonObject();
        if (Member && children.Count > 0)
        {
            result["."] = new JsonObject();
        }

        foreach ((string element, FieldSet child) in children)
        {
            result[element] = child.ToJson();
        }

        return result;
    }

    public FieldSet Union(FieldSet other) => Combine(this, other, (a, b) => a || b);

    public FieldSet Without(FieldSet other) => Combine(this, other, (a, b) => a && !b);

    public FieldSet Intersect(FieldSet other) => Combine(this, other, (a, b) => a && b);

    /// <summary>Every member as a path, <c>.spec.containers[name="c"].image</c>.</summary>
    public IEnumerable<string> Paths(string prefix = "")
    {
        if (Member)
        {
            yield return prefix;
        }

        foreach ((string element, FieldSet child) in children)
        {
            foreach (string path in child.Paths(prefix + FieldElement.Show(element)))
            {
                yield return path;
            }
        }
    }

    private static FieldSet Combine(FieldSet? a, FieldSet? b, Func<bool, bool, bool> member)
    {
        var result = new FieldSet { Member = member(a?.Member ?? false, b?.Member ?? false) };
        IEnumerable<string> elements = a?.children.Keys ?? Enumerable.Empty<string>();
        foreach (string element in elements.Union(b?.children.Keys ?? Enumerable.Empty<string>()))
        {
            FieldSet child = Combine(a?.Find(element), b?.Find(element), member);
            if (!child.IsEmpty)
            {
                result.children[element] = child;
            }
        }

        return result;
    }
}
