using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Schemas;
using Ambient.Kube.Emulator.Serving;

namespace Ambient.Kube.Emulator.Patching.Ownership;

/// <summary>Names of the steps of a field path.</summary>
internal static class FieldElement
{
    public static string Field(string name) => "f:" + name;

    /// <summary>An item of a list with keys or of a set; null where the list is neither, or the item has no keys.</summary>
    public static string? Item(JsonNode? item, Schema list)
    {
        if (list.ListType == "set")
        {
            return "v:" + (item?.ToJsonString(JsonText.Plain) ?? "null");
        }

        if (item is not JsonObject o)
        {
            return null;
        }

        var keys = new JsonObject();
        foreach (string key in list.ListMapKeys.Order(StringComparer.Ordinal))
        {
            if ((o[key] ?? list.Items?.Shape.Properties.GetValueOrDefault(key)?.Default) is { } value)
            {
                keys[key] = value.DeepClone();
            }
        }

        return "k:" + keys.ToJsonString(JsonText.Plain);
    }

    public static string Show(string element) => element switch
    {
        ['f', ':', ..] => "." + element[2..],
        ['v', ':', ..] => $"[={element[2..]}]",
        ['k', ':', ..] when JsonNode.Parse(element[2..]) is JsonObject keys =>
            $"[{string.Join(',', keys.Select(k => $"{k.Key}={k.Value?.ToJsonString(JsonText.Plain) ?? "null"}"))}]",
        _ => element,
    };
}
