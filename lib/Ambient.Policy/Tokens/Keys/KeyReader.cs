using System.Security.Cryptography;
using System.Text.Json;

namespace Ambient.Policy.Tokens.Keys;

/// <summary>One JSON Web Key (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2) → the key, or why it is not used.</summary>
internal sealed class KeyReader(bool allowSymmetric)
{
    private const int MaxSecret = 1024;

    /// <exception cref="KeyException">The key is not used.</exception>
    public JsonWebKey Read(JsonElement key)
    {
        if (key.ValueKind != JsonValueKind.Object)
        {
            throw new KeyException("is no object");
        }

        if (Text(key, "use") is { Length: > 0 } use && use != "sig")
        {
            throw new KeyException("is not for signatures (use)");
        }

        if (key.TryGetProperty("key_ops", out JsonElement operations) && !(operations.ValueKind == JsonValueKind.Array
            && operations.EnumerateArray().Any(static o => o.ValueKind == JsonValueKind.String && o.ValueEquals("verify"))))
        {
            throw new KeyException("is not for verifying (key_ops)");
        }

        string id = Text(key, "kid");
        string algorithm = Text(key, "alg");
        return Text(key, "kty") switch
        {
            "RSA" => Rsa(key, id, algorithm),
            "EC" => Elliptic(key, id, algorithm),
            "OKP" => Edwards(key, id, algorithm),
            "oct" => Symmetric(key, id, algorithm),
            _ => throw new KeyException("has a kty that is none of RSA, EC, OKP, oct"),
        };
    }

    private static RsaKey Rsa(JsonElement key, string id, string algorithm)
    {
        byte[] modulus = Number(key, "n");
        byte[] exponent = Number(key, "e");
        int bits = modulus.Length * 8 - (modulus.Length > 0 ? byte.LeadingZeroCount(modulus[0]) : 0);
        return bits is < RsaKey.MinBits or > RsaKey.MaxBits ? throw new KeyException($"has {bits} bits; RSA keys have {RsaKey.MinBits} to {RsaKey.MaxBits}")
            : exponent.Length is 0 or > 8 || (exponent[^1] & 1) == 0 || exponent is [1] ? throw new KeyException("has an exponent that RSA cannot have")
            : Made(() => new RsaKey(id, algorithm, new RSAParameters { Modulus = modulus, Exponent = exponent }));
    }

    private static EllipticKey Elliptic(JsonElement key, string id, string algorithm)
    {
        var (curve, size) = Text(key, "crv") switch
        {
            "P-256" => (ECCurve.NamedCurves.nistP256, 32),
            "P-384" => (ECCurve.NamedCurves.nistP384, 48),
            "P-521" => (ECCurve.NamedCurves.nistP521, 66),
            _ => throw new KeyException("has a crv that is none of P-256, P-384, P-521"),
        };
        byte[] x = Bytes(key, "x");
        byte[] y = Bytes(key, "y");
        return x.Length != size || y.Length != size
            ? throw new KeyException($"has coordinates that are not {size} bytes long")
            : Made(() => new EllipticKey(id, algorithm, new ECParameters { Curve = curve, Q = new ECPoint { X = x, Y = y } }, size));
    }

    private static EdwardsKey Edwards(JsonElement key, string id, string algorithm) =>
        Text(key, "crv") != "Ed25519" ? throw new KeyException("has a crv that is not Ed25519")
        : !Ed25519.IsSupported ? throw new KeyException("is Ed25519, which this machine's libcrypto does not offer")
        : Bytes(key, "x") is { Length: EdwardsKey.Length } point ? new EdwardsKey(id, algorithm, point)
        : throw new KeyException($"has an x that is not {EdwardsKey.Length} bytes long");

    private SymmetricKey Symmetric(JsonElement key, string id, string algorithm) =>
        !allowSymmetric ? throw new KeyException("is a shared secret (oct), which counts only when it is written in the policy itself")
        : Bytes(key, "k") is { Length: >= 32 and <= MaxSecret } secret ? new SymmetricKey(id, algorithm, secret)
        : throw new KeyException($"has a secret that is not 32 to {MaxSecret} bytes long");

    private static TKey Made<TKey>(Func<TKey> make)
    {
        try
        {
            return make();
        }
        catch (CryptographicException)
        {
            throw new KeyException("is no valid key");
        }
    }

    // RFC 7518 §2: no leading zeros, which some write all the same.
    private static byte[] Number(JsonElement key, string name) => Bytes(key, name).AsSpan().TrimStart((byte)0).ToArray();

    private static byte[] Bytes(JsonElement key, string name) =>
        Base64UrlText.TryDecode(Text(key, name), out byte[]? bytes) ? bytes : throw new KeyException($"has no base64url in {name}");

    private static string Text(JsonElement key, string name) =>
        !key.TryGetProperty(name, out JsonElement value) ? ""
        : value.ValueKind == JsonValueKind.String ? value.GetString()!
        : throw new KeyException($"has no text in {name}");
}
