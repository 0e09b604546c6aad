using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Ambient.Scenarios.Tests.Staging;

/// <summary>Signs JSON Web Tokens (RFC 7515, 7519) with a key of its own: RS256, or ES256.</summary>
internal sealed class TokenMint : IDisposable
{
    private readonly RSA? _rsa;
    private readonly ECDsa? _curve;

    private TokenMint(string id, RSA? rsa, ECDsa? curve)
    {
        Id = id;
        _rsa = rsa;
        _curve = curve;
    }

    /// <summary><c>kid</c>.</summary>
    public string Id { get; }

    public string Issuer { get; init; } = "https://issuer.example";

    /// <summary>The public key (RFC 7517).</summary>
    public JsonObject Key
    {
        get
        {
            if (_rsa is not null)
            {
                RSAParameters rsa = _rsa.ExportParameters(false);
                return new JsonObject { ["kty"] = "RSA", ["alg"] = "RS256", ["use"] = "sig", ["kid"] = Id, ["n"] = Text(rsa.Modulus!), ["e"] = Text(rsa.Exponent!) };
            }

            ECParameters curve = _curve!.ExportParameters(false);
            return new JsonObject { ["kty"] = "EC", ["alg"] = "ES256", ["crv"] = "P-256", ["kid"] = Id, ["x"] = Text(curve.Q.X!), ["y"] = Text(curve.Q.Y!) };
        }
    }

    public static TokenMint Rs256(string id) => new(id, RSA.Create(2048), null);

    public static TokenMint Es256(string id) => new(id, null, ECDsa.Create(ECCurve.NamedCurves.nistP256));

    public static string KeySet(params TokenMint[] mints) => new JsonObject { ["keys"] = new JsonArray([.. mints.Select(static m => (JsonNode)m.Key)]) }.ToJsonString();

    /// <summary>A token that counts for ten minutes from <paramref name="age"/> ago.</summary>
    public string Token(string subject, string group = "buyers", TimeSpan age = default)
    {
        DateTimeOffset issued = TimeProvider.System.GetUtcNow() - age;
        JsonObject claims = new()
        {
            ["iss"] = Issuer,
            ["sub"] = subject,
            ["aud"] = "orders",
            ["groups"] = new JsonArray(group),
            ["iat"] = issued.ToUnixTimeSeconds(),
            ["exp"] = issued.AddMinutes(10).ToUnixTimeSeconds(),
        };
        string head = new JsonObject { ["alg"] = _rsa is not null ? "RS256" : "ES256", ["typ"] = "JWT", ["kid"] = Id }.ToJsonString();
        string signed = $"{Text(Encoding.UTF8.GetBytes(head))}.{Text(Encoding.UTF8.GetBytes(claims.ToJsonString()))}";
        byte[] bytes = Encoding.ASCII.GetBytes(signed);
        byte[] signature = _rsa?.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) ?? _curve!.SignData(bytes, HashAlgorithmName.SHA256);
        return $"{signed}.{Text(signature)}";
    }

    public void Dispose()
    {
        _rsa?.Dispose();
        _curve?.Dispose();
    }

    private static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
