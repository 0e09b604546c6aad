using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ambient.Kube.Emulator.Serving;

/// <summary>The one way in which bytes become JSON and back here: bounded depth, no duplicate keys, no HTML escapes.</summary>
internal static class JsonText
{
    public static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = 128, AllowDuplicateProperties = false };

    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 256 };

    public static JsonNode? Parse(ReadOnlySpan<byte> utf8)
    {
        JsonNode? node = JsonNode.Parse(utf8, null, Reading);
        Touch(node);
        return node;
    }

    public static byte[] Bytes(JsonNode node)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Writing))
        {
            node.WriteTo(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static string String(JsonNode node) => Encoding.UTF8.GetString(Bytes(node));

    /// <summary>Builds every lazy node, so that the tree can be read by many threads at once.</summary>
    public static void Touch(JsonNode? node)
    {
        if (node is JsonObject o)
        {
            foreach (KeyValuePair<string, JsonNode?> field in o)
            {
                Touch(field.Value);
            }
        }
        else if (node is JsonArray a)
        {
            foreach (JsonNode? item in a)
            {
                Touch(item);
            }
        }
    }
}
