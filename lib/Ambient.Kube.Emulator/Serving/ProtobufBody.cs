using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Schemas;
using Ambient.Kube.Emulator.Types;

namespace Ambient.Kube.Emulator.Serving;

/// <summary>
/// Reads application/vnd.kubernetes.protobuf: four magic bytes, then runtime.Unknown (1 TypeMeta, 2 raw). kubectl sends it from 1.32 on for
/// what it makes itself. Field numbers stand in the .schema files. Answers are always JSON, which such callers accept too.
/// </summary>
internal static class ProtobufBody
{
    public const string MediaType = "application/vnd.kubernetes.protobuf";
    private const int MaxDepth = 64;

    public static JsonObject Decode(ReadOnlySpan<byte> body, ResourceCatalog catalog)
    {
        if (!body.StartsWith("k8s\0"u8))
        {
            throw Malformed("the magic bytes are missing");
        }

        ReadOnlySpan<byte> raw = default;
        string apiVersion = "", kind = "";
        var envelope = new ProtobufReader(body[4..]);
        while (envelope.Next())
        {
            if (envelope.Field == 1)
            {
                var meta = new ProtobufReader(envelope.Bytes);
                while (meta.Next())
                {
                    (apiVersion, kind) = meta.Field == 1 ? (meta.Text, kind) : (apiVersion, meta.Text);
                }
            }
            else if (envelope.Field == 2)
            {
                raw = envelope.Bytes;
            }
        }

        Schema schema = kind == "DeleteOptions" ? catalog.Text.Types[kind]
            : catalog.Current.FindKind(apiVersion, kind) is { Custom: null } type ? type.Schema
            : throw Malformed($"no kind {kind} in {apiVersion} is known in this form");
        JsonObject value = Message(raw, schema, 0);
        value["apiVersion"] = apiVersion;
        value["kind"] = kind;
        return value;
    }

    private static ApiException Malformed(string why) => ApiErrors.BadRequest($"the protobuf body cannot be decoded: {why}");

    private static JsonObject Message(ReadOnlySpan<byte> bytes, Schema schema, int depth)
    {
        if (depth > MaxDepth)
        {
            throw Malformed("it is nested too deep");
        }

        var result = new JsonObject();
        Fill(result, bytes, schema, outer: 0, depth);
        return result;
    }

    private static void Fill(JsonObject result, ReadOnlySpan<byte> bytes, Schema schema, int outer, int depth)
    {
        var reader = new ProtobufReader(bytes);
        while (reader.Next())
        {
            bool nested = false;
            foreach ((string name, Schema use) in schema.Properties)
            {
                if (Is(use.Wire, outer, reader.Field))
                {
                    Take(result, name, use, ref reader, depth);
                    break;
                }

                nested |= outer == 0 && use.Wire is [var first, _] && first == reader.Field;
            }

            if (nested)
            {
                Fill(result, reader.Bytes, schema, reader.Field, depth);
            }
        }
    }

    private static bool Is(int[] wire, int outer, int field) => outer == 0 ? wire is [var only] && only == field : wire is [var first, var second] && first == outer && second == field;

    private static void Take(JsonObject result, string name, Schema use, ref ProtobufReader reader, int depth)
    {
        if (use.Type == "array" && use.Items is { } items)
        {
            if (result[name] is not JsonArray list)
            {
                result[name] = list = [];
            }

            list.Add(Value(items, ref reader, depth));
        }
        else if (use.Shape.AdditionalProperties is { } values)
        {
            Entry(result.Ensure(name), values, reader.Bytes, depth);
        }
        else if (Value(use, ref reader, depth) is { } value && !IsZero(value))
        {
            result[name] = value;
        }
        else if (use.Shape.Type is "boolean" or "integer" && use.Default is not null)
        {
            // Go leaves out what a pointer does not hold: a zero that is on the wire was meant.
            result[name] = use.Type == "boolean" ? false : 0;
        }
    }

    /// <summary>Kubernetes writes empty strings of plain fields; JSON leaves them out.</summary>
    private static bool IsZero(JsonNode value) => value is JsonValue v && v.GetValueKind() switch
    {
        System.Text.Json.JsonValueKind.String => v.GetValue<string>().Length == 0,
        System.Text.Json.JsonValueKind.Number => v.ToJsonString() == "0",
        System.Text.Json.JsonValueKind.False => true,
        _ => false,
    };

    private static void Entry(JsonObject map, Schema values, ReadOnlySpan<byte> bytes, int depth)
    {
        string key = "";
        JsonNode? value = values.Shape.Type == "string" ? "" : null;
        var entry = new ProtobufReader(bytes);
        while (entry.Next())
        {
            if (entry.Field == 1)
            {
                key = entry.Text;
            }
            else if (entry.Field == 2)
            {
                value = values.Type == "array" ? Strings(entry.Bytes) : Value(values, ref entry, depth);
            }
        }

        map[key] = value;
    }

    /// <summary>A map's list values are messages of their own with the items in field 1.</summary>
    private static JsonArray Strings(ReadOnlySpan<byte> bytes)
    {
        var list = new JsonArray();
        var reader = new ProtobufReader(bytes);
        while (reader.Next())
        {
            list.Add((JsonNode)reader.Text);
        }

        return list;
    }

    private static JsonNode? Value(Schema use, ref ProtobufReader reader, int depth) => use.Shape switch
    {
        { Format: "date-time" } => Time(reader.Bytes),
        { Format: "byte" } => Convert.ToBase64String(reader.Bytes),
        { Format: "quantity" } => First(reader.Bytes),
        { Format: "int-or-string" } => IntOrString(reader.Bytes),
        { Type: "string" } => reader.Text,
        { Type: "boolean" } => reader.Number != 0,
        { Type: "integer", Format: "int32" } => (int)reader.Number,
        { Type: "integer" } => reader.Number,
        { IsOpaque: true } => null,
        var message => Message(reader.Bytes, message, depth + 1),
    };

    private static string? First(ReadOnlySpan<byte> bytes)
    {
        var reader = new ProtobufReader(bytes);
        return reader.Next() ? reader.Text : null;
    }

    private static string? Time(ReadOnlySpan<byte> bytes)
    {
        long seconds = 0, nanos = 0;
        var reader = new ProtobufReader(bytes);
        while (reader.Next())
        {
            (seconds, nanos) = reader.Field == 1 ? (reader.Number, nanos) : (seconds, reader.Number);
        }

        // The zero time of Go is sent as the year 1.
        return seconds is <= 0 or > 253402300799 ? null
            : DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(nanos / 100).UtcDateTime.ToString(
                nanos == 0 ? "yyyy-MM-ddTHH:mm:ssZ" : "yyyy-MM-ddTHH:mm:ss.ffffffZ", System.Globalization.CultureInfo.InvariantCulture);
    }

    private static JsonNode IntOrString(ReadOnlySpan<byte> bytes)
    {
        long type = 0, number = 0;
        string text = "";
        var reader = new ProtobufReader(bytes);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    type = reader.Number;
                    break;
                case 2:
                    number = (int)reader.Number;
                    break;
                case 3:
                    text = reader.Text;
                    break;
            }
        }

        return type == 0 ? number : text;
    }
}
