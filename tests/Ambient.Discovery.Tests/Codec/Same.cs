using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Discovery.Tests.Codec;

/// <summary>Compares records by content: their arrays compare by reference.</summary>
internal static class Same
{
    private static readonly JsonSerializerOptions Options = new() { Converters = { new ToText() } };

    public static void Content<T>(T expected, T actual) =>
        Assert.Equal(JsonSerializer.Serialize(expected, Options), JsonSerializer.Serialize(actual, Options));

    /// <summary>By every property, however deep; <paramref name="path"/> says where they differ.</summary>
    public static void Records(object? expected, object? actual, string path)
    {
        if (expected is null || actual is null)
        {
            Assert.True(expected is null && actual is null, $"{path}: {expected ?? "null"} became {actual ?? "null"}");
            return;
        }

        Assert.True(expected.GetType() == actual.GetType(), $"{path}: {expected.GetType()} became {actual.GetType()}");
        if (expected is System.Collections.IDictionary map)
        {
            var other = (System.Collections.IDictionary)actual;
            Assert.True(map.Count == other.Count, $"{path}: {map.Count} entries became {other.Count}");
            foreach (object key in map.Keys)
            {
                Records(map[key], other[key], $"{path}[{key}]");
            }
        }
        else if (expected is System.Collections.IList list)
        {
            var other = (System.Collections.IList)actual;
            Assert.True(list.Count == other.Count, $"{path}: {list.Count} items became {other.Count}");
            for (int i = 0; i < list.Count; i++)
            {
                Records(list[i], other[i], $"{path}[{i}]");
            }
        }
        else if (expected.GetType().Namespace!.StartsWith("Ambient", StringComparison.Ordinal) && !expected.GetType().IsEnum)
        {
            foreach (var property in expected.GetType().GetProperties().Where(static p => p.CanWrite))
            {
                Records(property.GetValue(expected), property.GetValue(actual), $"{path}.{property.Name}");
            }
        }
        else
        {
            Assert.True(expected.Equals(actual), $"{path}: {expected} became {actual}");
        }
    }

    private sealed class ToText : JsonConverterFactory
    {
        public override bool CanConvert(Type typeToConvert) =>
            typeToConvert == typeof(System.Net.IPAddress) || typeToConvert == typeof(System.Net.IPNetwork);

        public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
            typeToConvert == typeof(System.Net.IPAddress) ? new Text<System.Net.IPAddress>() : new Text<System.Net.IPNetwork>();
    }

    private sealed class Text<T> : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value!.ToString());
    }
}
