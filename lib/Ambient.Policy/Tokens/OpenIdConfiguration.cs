using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Ambient.Policy.Tokens;

/// <summary>OpenID Connect Discovery 1.0 §4: where an issuer keeps its keys.</summary>
public static class OpenIdConfiguration
{
    /// <summary>Bytes of a document.</summary>
    public const int MaxLength = 64 * 1024;

    /// <summary>§4.1: the issuer without its last slash, and the well-known path.</summary>
    public static string UriOf(string issuer)
    {
        ArgumentNullException.ThrowIfNull(issuer);
        return issuer.TrimEnd('/') + "/.well-known/openid-configuration";
    }

    /// <param name="issuer">Must be the document's own (§4.3), or another one could speak for it.</param>
    public static bool TryRead(ReadOnlyMemory<byte> utf8, string issuer, [NotNullWhen(true)] out Uri? keys, [NotNullWhen(false)] out string? problem)
    {
        keys = null;
        problem = utf8.Length > MaxLength ? $"is longer than {MaxLength} bytes"
            : StrictJson.Object(utf8) is not { } document ? "is no JSON object"
            : Text(document, "issuer") != issuer ? "is of another issuer"
            : !Uri.TryCreate(Text(document, "jwks_uri"), UriKind.Absolute, out keys) || keys.Scheme is not ("http" or "https") ? "has no jwks_uri"
            : null;
        return problem is null;
    }

    private static string Text(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
