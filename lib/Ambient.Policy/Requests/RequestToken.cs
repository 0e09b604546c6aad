using System.Text.Json;

namespace Ambient.Policy.Requests;

/// <summary>A token that RequestAuthentication has verified. Its claims are a JSON object.</summary>
/// <param name="SpaceDelimited">Claims whose text is a list, beside <c>scope</c> and <c>permission</c>.</param>
public sealed record RequestToken(JsonElement Claims, IReadOnlySet<string>? SpaceDelimited = null)
{
    /// <summary>Empty when it has none.</summary>
    public string Issuer { get; } = Text(Claims, "iss");

    /// <inheritdoc cref="Issuer"/>
    public string Subject { get; } = Text(Claims, "sub");

    /// <summary>Values of a claim by its path: a text, or the texts of a list; anything else has none.</summary>
    public IEnumerable<string> Values(IReadOnlyList<string> path)
    {
        JsonElement at = Claims;
        foreach (string name in path)
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
            {
                return [];
            }
        }

        return at.ValueKind switch
        {
            JsonValueKind.String when path is [var only] && IsList(only) =>
                at.GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            JsonValueKind.String => [at.GetString()!],
            JsonValueKind.Array => at.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.String).Select(e => e.GetString()!),
            _ => [],
        };
    }

    private bool IsList(string claim) => claim is "scope" or "permission" || SpaceDelimited?.Contains(claim) == true;

    private static string Text(JsonElement claims, string name) =>
        claims.ValueKind == JsonValueKind.Object && claims.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : "";
}
