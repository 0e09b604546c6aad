using System.Text.Json;

namespace Ambient.Policy.Tokens;

/// <summary>A claim as the value of a header: texts, numbers, truth values; anything else, and what is no visible ASCII, has none.</summary>
internal static class ClaimText
{
    private const int MaxLength = 4096;

    /// <param name="path">A claim of that name, dots and all, comes before one inside others.</param>
    public static string? Of(JsonElement claims, string path)
    {
        if (!claims.TryGetProperty(path, out JsonElement at))
        {
            at = claims;
            foreach (string name in path.Split('.'))
            {
                if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
                {
                    return null;
                }
            }
        }

        string? text = at.ValueKind switch
        {
            JsonValueKind.String => at.GetString(),
            JsonValueKind.Number => at.GetRawText(),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => null,
        };
        return text is { Length: > 0 and <= MaxLength } && !text.AsSpan().ContainsAnyExceptInRange(' ', '~') ? text : null;
    }
}
