using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Ambient.Discovery.Codec.Resources;

/// <summary>
/// How the records of proxies' resources are written and read. By reflection, not generated: generated code gives an init-only property
/// that is absent the zero of its type instead of the value that the record gives it, and such records are what this is for.
/// </summary>
internal static class ResourceJson
{
    public static JsonSerializerOptions Options { get; } = Make();

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions(JsonSerializerOptions.Strict)
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            MaxDepth = 32,
            Converters =
            {
                new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false),
                new TextConverters.OfName(),
                new TextConverters.OfAddress(),
                new TextConverters.OfNetwork(),
                new TextConverters.OfBytes(),
                new ListConverters(),
                new MapConverters(),
            },
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { RecordShape.Apply } },
        };
        options.MakeReadOnly();
        return options;
    }
}
