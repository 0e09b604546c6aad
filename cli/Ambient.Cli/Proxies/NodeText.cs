using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ambient.Cli.Proxies;

/// <summary>Reads cells from answers whose shape a newer or older process may have changed: what is absent is empty.</summary>
internal static class NodeText
{
    public static string Text(this JsonNode? node, string name) => (node as JsonObject)?[name] switch
    {
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        JsonValue value => value.ToJsonString(),
        _ => "",
    };

    public static IEnumerable<JsonNode> Items(this JsonNode? node, string name) =>
        ((node as JsonObject)?[name] as JsonArray)?.OfType<JsonNode>() ?? [];

    public static JsonNode? Child(this JsonNode? node, string name) => (node as JsonObject)?[name];
}
