using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Serialization;

namespace Ambient.Cli.Output;

/// <summary>JSON as YAML, strings quoted where YAML would read them as something else.</summary>
internal static class YamlText
{
    public static void Write(TextWriter output, JsonNode node) =>
        new SerializerBuilder().WithQuotingNecessaryStrings().Build().Serialize(output, Plain(node) ?? new object());

    private static object? Plain(JsonNode? node) => node switch
    {
        null => null,
        JsonObject map => map.ToDictionary(p => p.Key, p => Plain(p.Value)),
        JsonArray list => list.Select(Plain).ToList(),
        JsonValue value => value.GetValueKind() switch
        {
            JsonValueKind.String => value.GetValue<string>(),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number => Number(value),
            _ => null,
        },
        _ => throw new InvalidOperationException($"unknown node {node.GetType()}"),
    };

    private static object Number(JsonValue value)
    {
        string text = value.ToJsonString();
        return long.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out long whole)
            ? whole
            : double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
    }
}
