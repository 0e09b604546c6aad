using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ambient.Core.Identity;

namespace Ambient.Operator.Admin;

/// <summary>Addresses and identities as people write them.</summary>
internal static class AddressJson
{
    internal sealed class Ip : JsonConverter<IPAddress>
    {
        public override IPAddress Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, IPAddress value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }

    internal sealed class Network : JsonConverter<IPNetwork>
    {
        public override IPNetwork Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, IPNetwork value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }

    internal sealed class Identity : JsonConverter<SpiffeId>
    {
        public override SpiffeId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, SpiffeId value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}
