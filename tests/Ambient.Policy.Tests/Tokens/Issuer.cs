using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Ambient.Policy.Tests.Tokens;

/// <summary>Signs tokens, good ones and every bad one that a test can think of.</summary>
internal sealed class Issuer
{
    public const string Name = "https://issuer.example";

    private readonly RSA _rsa = RSA.Create(2048);
    private readonly ECDsa _p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
    private readonly ECDsa _p521 = ECDsa.Create(ECCurve.NamedCurves.nistP521);

    /// <summary>64 bytes.</summary>
    public static byte[] Secret { get; } = [.. Enumerable.Range(1, 64).Select(i => (byte)i)];

    public string RsaKey => $$"""{"kty":"RSA","kid":"rsa","use":"sig","n":"{{Text(_rsa.ExportParameters(false).Modulus!)}}","e":"AQAB"}""";

    public string RsaModulus => Text(_rsa.ExportParameters(false).Modulus!);

    public static string OctKey => $$"""{"kty":"oct","kid":"oct","k":"{{Text(Secret)}}"}""";

    public string P256Key => Elliptic(_p256, "P-256", "p256");

    public string P384Key => Elliptic(_p384, "P-384", "p384");

    public string P521Key => Elliptic(_p521, "P-521", "p521");

    /// <summary>All public keys.</summary>
    public string Keys => Set(RsaKey, P256Key, P384Key, P521Key);

    public static string Set(params string[] keys) => $$"""{"keys":[{{string.Join(',', keys)}}]}""";

    public static string Text(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    public static string Text(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    public static string Claims(string more = "") => $$"""{"iss":"{{Name}}","sub":"alice"{{(more.Length > 0 ? "," + more : "")}}}""";

    /// <summary>A token of an algorithm with its own key id.</summary>
    public string Token(string algorithm = "RS256", string? claims = null) => Raw(Header(algorithm), claims ?? Claims(), algorithm);

    public static string Header(string algorithm) => $$"""{"alg":"{{algorithm}}","kid":"{{KeyIdOf(algorithm)}}","typ":"JWT"}""";

    /// <summary>Whatever header and payload, signed as <paramref name="algorithm"/> says.</summary>
    public string Raw(string header, string payload, string algorithm = "RS256") => Signed($"{Text(header)}.{Text(payload)}", algorithm);

    public string Signed(string input, string algorithm = "RS256") => $"{input}.{Text(Signature(Encoding.ASCII.GetBytes(input), algorithm))}";

    public byte[] Signature(byte[] data, string algorithm) => algorithm switch
    {
        "RS256" => _rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        "RS384" => _rsa.SignData(data, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1),
        "RS512" => _rsa.SignData(data, HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1),
        "PS256" => _rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
        "PS384" => _rsa.SignData(data, HashAlgorithmName.SHA384, RSASignaturePadding.Pss),
        "PS512" => _rsa.SignData(data, HashAlgorithmName.SHA512, RSASignaturePadding.Pss),
        "ES256" => _p256.SignData(data, HashAlgorithmName.SHA256),
        "ES384" => _p384.SignData(data, HashAlgorithmName.SHA384),
        "ES512" => _p521.SignData(data, HashAlgorithmName.SHA512),
        "HS256" => HMACSHA256.HashData(Secret, data),
        "HS384" => HMACSHA384.HashData(Secret, data),
        "HS512" => HMACSHA512.HashData(Secret, data),
        _ => [],
    };

    private static string KeyIdOf(string algorithm) => algorithm switch
    {
        ['R' or 'P', ..] => "rsa",
        "ES256" => "p256",
        "ES384" => "p384",
        "ES512" => "p521",
        _ => "oct",
    };

    private static string Elliptic(ECDsa key, string curve, string id)
    {
        ECPoint q = key.ExportParameters(false).Q;
        return $$"""{"kty":"EC","crv":"{{curve}}","kid":"{{id}}","x":"{{Text(q.X!)}}","y":"{{Text(q.Y!)}}"}""";
    }
}
