using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Ambient.Policy.Tokens.Keys;

namespace Ambient.Policy.Tokens;

/// <summary>JWS compact serialisation (RFC 7515 §7.1) → what it says, unverified. Header parameters that bring keys (jwk, jku, x5c, x5u) are never looked at.</summary>
public static class TokenReader
{
    /// <summary>Characters of a token.</summary>
    public const int MaxLength = 16 * 1024;

    internal static TokenProblem Read(ReadOnlySpan<char> text, out ReadToken? token)
    {
        token = null;
        if (text.Length > MaxLength)
        {
            return TokenProblem.TooLong;
        }

        int first = text.IndexOf('.');
        int last = text.LastIndexOf('.');
        if (first < 0 || text[(first + 1)..].IndexOf('.') != last - first - 1 || last == first
            || !Base64UrlText.TryDecode(text[..first], out byte[]? headerBytes)
            || !Base64UrlText.TryDecode(text[(first + 1)..last], out byte[]? claimBytes)
            || !Base64UrlText.TryDecode(text[(last + 1)..], out byte[]? signature)
            || StrictJson.Object(headerBytes) is not { } header
            || StrictJson.Object(claimBytes) is not { } claims)
        {
            return TokenProblem.Malformed;
        }

        if (AlgorithmOf(header) is not { } algorithm || !TryText(header, "kid", out string keyId))
        {
            return TokenProblem.Header;
        }

        token = Claims(claims, algorithm, keyId);
        if (token is null)
        {
            return TokenProblem.Claims;
        }

        token.Payload = text[(first + 1)..last].ToString();
        token.SignedBytes = Encoding.ASCII.GetBytes(text[..last].ToString());
        token.Signature = signature;
        return TokenProblem.None;
    }

    /// <summary>Null also for a token that asks for something beyond the standard (RFC 7515 §4.1.11, RFC 7797 §6).</summary>
    private static TokenAlgorithm? AlgorithmOf(JsonElement header) =>
        header.TryGetProperty("crit", out _) || header.TryGetProperty("b64", out _) || header.TryGetProperty("enc", out _) || header.TryGetProperty("zip", out _)
        || !TryText(header, "alg", out string name)
            ? null
            : TokenAlgorithm.Find(name);

    private static ReadToken? Claims(JsonElement claims, TokenAlgorithm algorithm, string keyId) =>
        TryText(claims, "iss", out string issuer)
        && TryText(claims, "sub", out _)
        && TryAudiences(claims, out ImmutableArray<string> audiences)
        && TryTime(claims, "exp", out double? expires)
        && TryTime(claims, "nbf", out double? notBefore)
        && TryTime(claims, "iat", out _)
            ? new ReadToken
            {
                Algorithm = algorithm,
                KeyId = keyId,
                Claims = claims,
                Issuer = issuer,
                Audiences = audiences,
                Expires = expires,
                NotBefore = notBefore,
            }
            : null;

    /// <summary>Absent is the empty text; another type is a fault.</summary>
    private static bool TryText(JsonElement owner, string name, out string text)
    {
        text = "";
        if (!owner.TryGetProperty(name, out JsonElement value))
        {
            return true;
        }

        text = value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        return value.ValueKind == JsonValueKind.String;
    }

    /// <summary>A text or a list of texts (RFC 7519 §4.1.3).</summary>
    private static bool TryAudiences(JsonElement claims, out ImmutableArray<string> audiences)
    {
        audiences = [];
        if (!claims.TryGetProperty("aud", out JsonElement value))
        {
            return true;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            audiences = [value.GetString()!];
            return true;
        }

        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(static a => a.ValueKind != JsonValueKind.String))
        {
            return false;
        }

        audiences = [.. value.EnumerateArray().Select(static a => a.GetString()!)];
        return true;
    }

    /// <summary>NumericDate (RFC 7519 §2): seconds, fractions allowed.</summary>
    private static bool TryTime(JsonElement claims, string name, out double? seconds)
    {
        seconds = null;
        if (!claims.TryGetProperty(name, out JsonElement value))
        {
            return true;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out double number) || !double.IsFinite(number))
        {
            return false;
        }

        seconds = number;
        return true;
    }
}
