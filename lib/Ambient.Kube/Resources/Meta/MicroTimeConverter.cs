using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources;

/// <summary>meta/v1 MicroTime: RFC 3339 with exactly six digits of a second, else the server refuses it.</summary>
internal sealed class MicroTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
}
