using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ambient.Resources.Schemas;

/// <summary>JSON → YAML block style, always the same for the same value. Texts that could be read as something else are quoted.</summary>
internal static class YamlText
{
    private static readonly JsonSerializerOptions Quoting = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(JsonObject value)
    {
        var text = new StringBuilder();
        Fields(text, value, 0, onLine: false);
        return text.ToString();
    }

    private static void Fields(StringBuilder text, JsonObject value, int indent, bool onLine)
    {
        foreach (var (name, field) in value)
        {
            text.Append(' ', onLine ? 0 : indent).Append(Scalar(name)).Append(':');
            onLine = false;
            Value(text, field, indent);
        }
    }

    private static void Value(StringBuilder text, JsonNode? value, int indent)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } o:
                text.Append('\n');
                Fields(text, o, indent + 2, onLine: false);
                break;
            case JsonArray { Count: > 0 } a:
                text.Append('\n');
                foreach (var item in a)
                {
                    text.Append(' ', indent).Append("- ");
                    if (item is JsonObject { Count: > 0 } o)
                    {
                        Fields(text, o, indent + 2, onLine: true);
                    }
                    else
                    {
                        text.Append(Scalar(item)).Append('\n');
                    }
                }

                break;
            default:
                text.Append(' ').Append(Scalar(value)).Append('\n');
                break;
        }
    }

    private static string Scalar(JsonNode? value) => value switch
    {
        null => "null",
        JsonValue v when v.GetValueKind() == JsonValueKind.String => Scalar(v.GetValue<string>()),
        _ => value.ToJsonString(),
    };

    private static string Scalar(string text) => IsPlain(text) ? text : JsonSerializer.Serialize(text, Quoting);

    /// <summary>Words of letters only, or names with dots and dashes; nothing that YAML takes for a number, a truth value or null.</summary>
    private static bool IsPlain(string text) =>
        text.Length > 0 && char.IsAsciiLetter(text[0])
        && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '/')
        && text.ToLowerInvariant() is not ("true" or "false" or "yes" or "no" or "on" or "off" or "null" or "y" or "n");
}
