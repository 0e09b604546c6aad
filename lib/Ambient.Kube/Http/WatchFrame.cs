using System.Text.Json;
using Ambient.Kube.Resources;

namespace Ambient.Kube.Http;

/// <summary>One line of a watch: <c>{"type":…,"object":…}</c>.</summary>
internal static class WatchFrame
{
    public static (WatchEventType Type, T Value) Read<T>(ReadOnlySpan<byte> line, ObjectCodec<T> codec)
        where T : class
    {
        string? type = null;
        ReadOnlySpan<byte> value = default;
        var reader = new Utf8JsonReader(line);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isType = reader.ValueTextEquals("type"u8);
            bool isObject = reader.ValueTextEquals("object"u8);
            reader.Read();
            int start = (int)reader.TokenStartIndex;
            if (isType)
            {
                type = reader.GetString();
            }

            reader.Skip();
            if (isObject)
            {
                value = line[start..(int)reader.BytesConsumed];
            }
        }

        return type switch
        {
            "ADDED" => (WatchEventType.Added, codec.Read(value)),
            "MODIFIED" => (WatchEventType.Modified, codec.Read(value)),
            "DELETED" => (WatchEventType.Deleted, codec.Read(value)),
            "BOOKMARK" => (WatchEventType.Bookmark, codec.Read(value)),
            "ERROR" => throw new KubeException(JsonSerializer.Deserialize<Status>(value, KubeJson.Options) ?? new Status()),
            _ => throw new JsonException($"a watch event of unknown type '{type}'"),
        };
    }
}
