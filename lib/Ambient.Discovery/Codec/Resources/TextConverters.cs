using System.Collections.Immutable;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ambient.Core;

namespace Ambient.Discovery.Codec.Resources;

/// <summary>Values that are written as one text.</summary>
internal static class TextConverters
{
    /// <summary><c>namespace/name</c>.</summary>
    public sealed class OfName : JsonConverter<NamespacedName>
    {
        public override NamespacedName Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            NamespacedName.TryParse(reader.GetString(), out var name) ? name : throw new JsonException("is not namespace/name");

        public override void Write(Utf8JsonWriter writer, NamespacedName value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }

    public sealed class OfAddress : JsonConverter<IPAddress>
    {
        public override IPAddress Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            IPAddress.TryParse(reader.GetString(), out var address) ? address : throw new JsonException("is not an IP address");

        public override void Write(Utf8JsonWriter writer, IPAddress value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }

    /// <summary>CIDR.</summary>
    public sealed class OfNetwork : JsonConverter<IPNetwork>
    {
        public override IPNetwork Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            IPNetwork.TryParse(reader.GetString(), out var network) ? network : throw new JsonException("is not a CIDR");

        public override void Write(Utf8JsonWriter writer, IPNetwork value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }

    /// <summary>Base64.</summary>
    public sealed class OfBytes : JsonConverter<ImmutableArray<byte>>
    {
        public override ImmutableArray<byte> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && reader.TryGetBytesFromBase64(out byte[]? bytes)
                ? ImmutableCollectionsMarshal.AsImmutableArray(bytes)
                : throw new JsonException("is not base64");

        public override void Write(Utf8JsonWriter writer, ImmutableArray<byte> value, JsonSerializerOptions options) => writer.WriteBase64StringValue(value.AsSpan());
    }
}
