using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Discovery.Tests.Codec;

/// <summary>Compares records by content: their arrays compare by reference.</summary>
internal static class Same
{
    private static readonly JsonSerializerOptions Options = new() { Converters = { new ToText() } };

    public static void Content<T>(T expected, T actual) =>
        Assert.Equal(JsonSerializer.Serialize(expected, Options), JsonSerializer.Serialize(actual, Options));

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
