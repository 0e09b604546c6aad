namespace Ambient.Policy.Tokens.Keys;

/// <summary>Ed25519 (RFC 8037).</summary>
internal sealed class EdwardsKey(string keyId, string algorithm, byte[] point) : JsonWebKey(keyId, algorithm, $"Ed25519 {Convert.ToHexString(point)}")
{
    public const int Length = 32;

    protected override bool Makes(TokenAlgorithm wanted) => wanted.Family == KeyFamily.Edwards;

    public override bool Verifies(TokenAlgorithm by, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) =>
        signature.Length == by.SignatureLength && Ed25519.Verifies(point, data, signature);
}
