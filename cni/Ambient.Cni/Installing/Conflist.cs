using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ambient.Cni.Installing;

/// <summary>
/// A CNI network configuration as text, with and without this plugin in its chain (CNI specification 1.0, section 1). Pure. What it does not
/// know it leaves as it is.
/// </summary>
internal static class Conflist
{
    internal const string PluginType = "ambient-cni";

    private static readonly JsonSerializerOptions s_format = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>This plugin's entry.</summary>
    internal static JsonObject Entry(string socket) => new() { ["type"] = PluginType, ["ambientSocket"] = socket };

    /// <summary>A single plugin's configuration, which has no chain to stand in.</summary>
    /// <exception cref="FormatException">Not a network configuration.</exception>
    internal static bool IsSingle(string text) => Parse(text)["plugins"] is null;

    /// <returns>A list with the entry at its end, or where it stood before; null when nothing would change.</returns>
    /// <exception cref="FormatException">Not a network configuration; says what is missing.</exception>
    internal static string? Chain(string text, JsonObject entry)
    {
        JsonObject root = Parse(text);
        JsonObject list = root["plugins"] is null ? ListOf(root) : root;
        var plugins = (JsonArray)list["plugins"]!;
        int[] ours = [.. Enumerable.Range(0, plugins.Count).Where(i => IsOurs(plugins[i]))];
        if (ours.Length == 1 && JsonNode.DeepEquals(plugins[ours[0]], entry))
        {
            return null;
        }

        foreach (int extra in ours.Skip(1).Reverse())
        {
            plugins.RemoveAt(extra);
        }

        if (ours.Length > 0)
        {
            plugins[ours[0]] = entry.DeepClone();
        }
        else
        {
            plugins.Add(entry.DeepClone());
        }

        return list.ToJsonString(s_format) + "\n";
    }

    /// <returns>The list without this plugin; null when it is not in it.</returns>
    /// <exception cref="FormatException">Not a network configuration.</exception>
    internal static string? Unchain(string text)
    {
        JsonObject root = Parse(text);
        if (root["plugins"] is not JsonArray plugins || !plugins.Any(IsOurs))
        {
            return null;
        }

        for (int i = plugins.Count - 1; i >= 0; i--)
        {
            if (IsOurs(plugins[i]))
            {
                plugins.RemoveAt(i);
            }
        }

        return root.ToJsonString(s_format) + "\n";
    }

    /// <summary>True when a list without this plugin says no more than that single configuration.</summary>
    internal static bool IsSame(string list, string single) => JsonNode.DeepEquals(Parse(list), ListOf(Parse(single)));

    private static bool IsOurs(JsonNode? plugin) =>
        plugin is JsonObject o && o["type"] is JsonValue type && type.TryGetValue(out string? name) && name == PluginType;

    private static JsonObject Parse(string text)
    {
        try
        {
            JsonObject root = JsonNode.Parse(text) as JsonObject ?? throw new FormatException("it is not a JSON object");
            return root switch
            {
                _ when root["name"] is not JsonValue => throw new FormatException("'name' is missing"),
                _ when root["plugins"] is JsonArray { Count: > 0 } plugins && plugins.All(p => p is JsonObject) => root,
                _ when root["plugins"] is not null => throw new FormatException("'plugins' is not a list of plugins"),
                _ when root["type"] is JsonValue => root,
                _ => throw new FormatException("neither 'plugins' nor 'type' is there"),
            };
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new FormatException(e.Message, e);
        }
    }

    private static JsonObject ListOf(JsonObject single)
    {
        JsonObject plugin = single.DeepClone().AsObject();
        var list = new JsonObject { ["cniVersion"] = plugin["cniVersion"]?.DeepClone() ?? "0.3.1", ["name"] = plugin["name"]!.DeepClone() };
        plugin.Remove("cniVersion");
        plugin.Remove("name");
        list["plugins"] = new JsonArray(plugin);
        return list;
    }
}
