using System.Text.Json.Nodes;

namespace Ambient.Compile.Provisioning;

/// <summary>
/// Kubernetes' strategic merge patch as far as manifests of pods and Services need it: objects merge, null removes, lists whose items have
/// a key merge by it, other lists are replaced; <c>$patch: delete|replace</c> is understood.
/// </summary>
internal static class StrategicMerge
{
    private const string Directive = "$patch";

    /// <summary>By the field that holds the list; <c>ports</c> has the key of containers or of Services, whichever its items have.</summary>
    private static readonly Dictionary<string, string[]> ListKeys = new(StringComparer.Ordinal)
    {
        ["containers"] = ["name"],
        ["initContainers"] = ["name"],
        ["env"] = ["name"],
        ["volumes"] = ["name"],
        ["imagePullSecrets"] = ["name"],
        ["volumeMounts"] = ["mountPath"],
        ["ports"] = ["containerPort", "port"],
        ["topologySpreadConstraints"] = ["topologyKey"],
        ["hostAliases"] = ["ip"],
    };

    public static JsonObject Merge(JsonObject standing, JsonObject patch)
    {
        if (IsDirective(patch, "replace"))
        {
            return Without(patch);
        }

        var merged = (JsonObject)standing.DeepClone();
        foreach (var (name, value) in patch)
        {
            switch (value)
            {
                case null:
                    merged.Remove(name);
                    break;
                case JsonObject o when IsDirective(o, "delete"):
                    merged.Remove(name);
                    break;
                case JsonObject o when merged[name] is JsonObject before:
                    merged[name] = Merge(before, o);
                    break;
                case JsonArray list when merged[name] is JsonArray before && KeyOf(name, list) is { } key:
                    merged[name] = Merge(before, list, key);
                    break;
                default:
                    merged[name] = value.DeepClone();
                    break;
            }
        }

        return merged;
    }

    private static JsonArray Merge(JsonArray standing, JsonArray patch, string key)
    {
        var items = standing.Select(static i => i?.DeepClone()).ToList();
        foreach (JsonObject change in patch.OfType<JsonObject>())
        {
            int at = items.FindIndex(i => i is JsonObject o && JsonNode.DeepEquals(o[key], change[key]));
            if (IsDirective(change, "delete"))
            {
                if (at >= 0)
                {
                    items.RemoveAt(at);
                }
            }
            else if (at >= 0)
            {
                items[at] = Merge((JsonObject)items[at]!, change);
            }
            else
            {
                items.Add(Without(change));
            }
        }

        return new JsonArray([.. items]);
    }

    private static string? KeyOf(string field, JsonArray list) => ListKeys.TryGetValue(field, out string[]? keys)
        ? keys.FirstOrDefault(key => list.Count > 0 && list.All(i => i is JsonObject o && o[key] is not null))
        : null;

    private static bool IsDirective(JsonObject o, string word) => o[Directive] is JsonValue value && value.TryGetValue(out string? text) && text == word;

    private static JsonObject Without(JsonObject o)
    {
        var clone = (JsonObject)o.DeepClone();
        clone.Remove(Directive);
        return clone;
    }
}
