using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Schemas;
using Ambient.Kube.Emulator.Serving;

namespace Ambient.Kube.Emulator.Patching;

/// <summary>
/// Strategic merge patch: lists with a merge key are merged by it; <c>$patch: delete|replace|merge</c>, <c>$retainKeys</c>,
/// <c>$deleteFromPrimitiveList/FIELD</c> and <c>$setElementOrder/FIELD</c> are honoured (apimachinery's strategicpatch documentation).
/// </summary>
internal static class StrategicMergePatch
{
    private const string Directive = "$patch";
    private const string Retain = "$retainKeys";
    private const string DeletePrimitive = "$deleteFromPrimitiveList/";
    private const string Order = "$setElementOrder/";

    public static JsonObject Apply(JsonObject target, JsonObject patch, Schema schema) => Merge(target, patch, schema.Shape);

    private static JsonObject Merge(JsonObject target, JsonObject patch, Schema? schema)
    {
        switch (patch.Text(Directive))
        {
            case "replace":
                JsonObject whole = patch.Copy();
                whole.Remove(Directive);
                return whole;
            case "delete":
                return [];
        }

        JsonObject result = target.Copy();
        if (patch[Retain] is JsonArray retained)
        {
            HashSet<string> keep = [.. retained.Select(k => k.Plain() ?? "")];
            foreach (string name in result.Select(f => f.Key).Where(n => !keep.Contains(n)).ToArray())
            {
                result.Remove(name);
            }
        }

        foreach ((string name, JsonNode? value) in patch)
        {
            if (name.StartsWith(DeletePrimitive, StringComparison.Ordinal))
            {
                DeleteScalars(result, name[DeletePrimitive.Length..], value as JsonArray ?? []);
            }
            else if (!name.StartsWith('$'))
            {
                Field(result, name, value, schema);
            }
        }

        foreach ((string name, JsonNode? value) in patch)
        {
            if (name.StartsWith(Order, StringComparison.Ordinal) && value is JsonArray order)
            {
                string field = name[Order.Length..];
                Reorder(result, field, order, Use(schema, field)?.PatchMergeKey);
            }
        }

        return result;
    }

    private static void Field(JsonObject result, string name, JsonNode? value, Schema? schema)
    {
        Schema? use = Use(schema, name);
        switch (value)
        {
            case null:
                result.Remove(name);
                break;
            case JsonObject child:
                if (child.Text(Directive) == "delete")
                {
                    result.Remove(name);
                    break;
                }

                result[name] = Merge(result[name] as JsonObject ?? [], child, use?.Shape);
                break;
            case JsonArray list when use?.PatchMergeKey is { } key:
                result[name] = key.Length == 0 ? Union(result[name] as JsonArray ?? [], list) : MergeList(result[name] as JsonArray ?? [], list, key, use.Items?.Shape);
                break;
            default:
                result[name] = value.DeepClone();
                break;
        }
    }

    private static JsonArray MergeList(JsonArray target, JsonArray patch, string key, Schema? items)
    {
        if (patch.Any(i => i.Text(Directive) == "replace"))
        {
            return [.. patch.Where(i => i.Text(Directive) is null).Select(i => i?.DeepClone())];
        }

        var result = (JsonArray)target.DeepClone();
        foreach (JsonNode? item in patch)
        {
            if (item is not JsonObject change)
            {
                throw ApiErrors.BadRequest("a list with a merge key holds objects only");
            }

            JsonNode? id = change[key] ?? throw ApiErrors.BadRequest($"map: {change.ToJsonString()} does not contain declared merge key: {key}");
            int at = IndexOf(result, key, id);
            if (change.Text(Directive) == "delete")
            {
                if (at >= 0)
                {
                    result.RemoveAt(at);
                }
            }
            else if (at >= 0)
            {
                result[at] = Merge((JsonObject)result[at]!, change, items);
            }
            else
            {
                // Merged with nothing, so that directives inside it do not end in the object.
                result.Add((JsonNode)Merge([], change, items));
            }
        }

        return result;
    }

    private static JsonArray Union(JsonArray target, JsonArray patch)
    {
        var result = (JsonArray)target.DeepClone();
        foreach (JsonNode? item in patch)
        {
            if (!result.Any(r => JsonNode.DeepEquals(r, item)))
            {
                result.Add(item?.DeepClone());
            }
        }

        return result;
    }

    private static void DeleteScalars(JsonObject result, string field, JsonArray gone)
    {
        if (result[field] is JsonArray list)
        {
            result[field] = new JsonArray([.. list.Where(i => !gone.Any(g => JsonNode.DeepEquals(g, i))).Select(i => i?.DeepClone())]);
        }
    }

    /// <summary>Items named in the order come in that order; others keep their place after the item that they followed.</summary>
    private static void Reorder(JsonObject result, string field, JsonArray order, string? key)
    {
        if (result[field] is not JsonArray list)
        {
            return;
        }

        int Rank(JsonNode? item)
        {
            for (int i = 0; i < order.Count; i++)
            {
                if (string.IsNullOrEmpty(key) ? JsonNode.DeepEquals(order[i], item) : JsonNode.DeepEquals(order[i].At(key), item.At(key)))
                {
                    return i;
                }
            }

            return -1;
        }

        var ranked = new List<(int Rank, JsonNode? Item)>();
        int last = -1;
        foreach (JsonNode? item in list)
        {
            int rank = Rank(item);
            last = rank >= 0 ? rank : last;
            ranked.Add((last, item));
        }

        result[field] = new JsonArray([.. ranked.OrderBy(r => r.Rank).Select(r => r.Item?.DeepClone())]);
    }

    private static Schema? Use(Schema? schema, string name) =>
        schema is null ? null : schema.Properties.GetValueOrDefault(name) ?? schema.AdditionalProperties;

    private static int IndexOf(JsonArray list, string key, JsonNode id)
    {
        for (int i = 0; i < list.Count; i++)
        {
            if (JsonNode.DeepEquals(list[i].At(key), id))
            {
                return i;
            }
        }

        return -1;
    }
}
