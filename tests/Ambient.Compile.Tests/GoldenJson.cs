using System.Collections;
using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Ambient.Compile.Tests;

/// <summary>A compile result as text: without what is empty or the default, so that a case shows what it is about.</summary>
internal static class GoldenJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Converters = { new JsonStringEnumConverter(), new TextConverter<IPAddress>(), new TextConverter<IPNetwork>() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { OmitEmpty } },
    };

    public static string Of<T>(T value) => JsonSerializer.Serialize(value, Options) + "\n";

    private static void OmitEmpty(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.Set is null && property.AttributeProvider is System.Reflection.PropertyInfo { CanWrite: false })
            {
                property.ShouldSerialize = static (_, _) => false;
            }
            else if (property.PropertyType == typeof(string))
            {
                property.ShouldSerialize = static (_, value) => value is string { Length: > 0 };
            }
            else if (property.PropertyType.IsAssignableTo(typeof(IEnumerable)))
            {
                bool always = property.Name is "rules" or "clauses";
                property.ShouldSerialize = (_, value) => always || (value is IEnumerable items && items.GetEnumerator().MoveNext());
            }
        }
    }

    private sealed class TextConverter<T> : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value!.ToString());
    }
}
