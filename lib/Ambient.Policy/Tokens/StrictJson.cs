using System.Text.Json;
using System.Text.Unicode;

namespace Ambient.Policy.Tokens;

/// <summary>
/// JSON of strangers (RFC 7515 §4, RFC 7519 §4): an object, no name twice, of bounded depth, and every text in it is text: whoever reads it later
/// cannot fail.
/// </summary>
internal static class StrictJson
{
    private const int MaxDepth = 32;

    private static readonly JsonDocumentOptions Options = new()
    {
        AllowDuplicateProperties = false,
        AllowTrailingCommas = false,
        CommentHandling = JsonCommentHandling.Disallow,
        MaxDepth = MaxDepth,
    };

    /// <summary>The object, independent of <paramref name="utf8"/>; null when it is none.</summary>
    public static JsonElement? Object(ReadOnlyMemory<byte> utf8)
    {
        if (!Utf8.IsValid(utf8.Span))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(utf8, Options);
            return document.RootElement.ValueKind == JsonValueKind.Object && IsText(document.RootElement) ? document.RootElement.Clone() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: an escape is half a surrogate pair.
            return null;
        }
    }

    private static bool IsText(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                return element.GetString() is not null;
            case JsonValueKind.Array:
                foreach (JsonElement item in element.EnumerateArray())
                {
                    IsText(item);
                }

                return true;
            case JsonValueKind.Object:
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    _ = property.Name;
                    IsText(property.Value);
                }

                return true;
            default:
                return true;
        }
    }
}
