using System.Security.Cryptography;

namespace Ambient.Policy.Tokens.Keys;

/// <summary>HMAC, at least as long as its hash (RFC 7518 §3.2).</summary>
internal sealed class SymmetricKey(string keyId, string algorithm, byte[] secret) : JsonWebKey(keyId, algorithm, $"oct {Convert.ToHexString(secret)}")
{
    protected override bool Makes(TokenAlgorithm wanted) => wanted.Family == KeyFamily.Symmetric && secret.Length >= wanted.SignatureLength;

    public override bool Verifies(TokenAlgorithm by, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        Span<byte> expected = stackalloc byte[64];
        int length = CryptographicOperations.HmacData(by.Hash, secret, data, expected);
        return CryptographicOperations.FixedTimeEquals(expected[..length], signature);
    }
}
