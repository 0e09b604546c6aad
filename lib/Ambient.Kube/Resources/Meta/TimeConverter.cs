using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources;

/// <summary>meta/v1 Time: RFC 3339 in whole seconds, UTC.</summary>
internal sealed class TimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
}
