using System.Collections.Frozen;
using System.Security.Cryptography;

namespace Ambient.Policy.Tokens.Keys;

/// <summary>A value of <c>alg</c> (RFC 7518 §3.1, RFC 8037). <c>none</c> is not among them.</summary>
/// <param name="SignatureLength">Bytes; 0: as long as the key.</param>
internal sealed record TokenAlgorithm(string Name, KeyFamily Family, HashAlgorithmName Hash, int SignatureLength)
{
    private static readonly FrozenDictionary<string, TokenAlgorithm> Known = new TokenAlgorithm[]
    {
        new("RS256", KeyFamily.Rsa, HashAlgorithmName.SHA256, 0),
        new("RS384", KeyFamily.Rsa, HashAlgorithmName.SHA384, 0),
        new("RS512", KeyFamily.Rsa, HashAlgorithmName.SHA512, 0),
        new("PS256", KeyFamily.RsaPss, HashAlgorithmName.SHA256, 0),
        new("PS384", KeyFamily.RsaPss, HashAlgorithmName.SHA384, 0),
        new("PS512", KeyFamily.RsaPss, HashAlgorithmName.SHA512, 0),
        new("ES256", KeyFamily.EllipticCurve, HashAlgorithmName.SHA256, 64),
        new("ES384", KeyFamily.EllipticCurve, HashAlgorithmName.SHA384, 96),
        new("ES512", KeyFamily.EllipticCurve, HashAlgorithmName.SHA512, 132),
        new("EdDSA", KeyFamily.Edwards, default, 64),
        new("HS256", KeyFamily.Symmetric, HashAlgorithmName.SHA256, 32),
        new("HS384", KeyFamily.Symmetric, HashAlgorithmName.SHA384, 48),
        new("HS512", KeyFamily.Symmetric, HashAlgorithmName.SHA512, 64),
    }.ToFrozenDictionary(a => a.Name, StringComparer.Ordinal);

    /// <summary>Null for one that is not known; names are case-sensitive.</summary>
    public static TokenAlgorithm? Find(string name) => Known.GetValueOrDefault(name);
}
