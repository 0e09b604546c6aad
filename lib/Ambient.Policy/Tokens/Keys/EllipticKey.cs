using System.Security.Cryptography;

namespace Ambient.Policy.Tokens.Keys;

/// <summary>ECDSA; an algorithm has one curve (RFC 7518 §3.4): ES256 P-256, ES384 P-384, ES512 P-521.</summary>
internal sealed class EllipticKey : JsonWebKey
{
    private readonly Spare<ECDsa> _spare;
    private readonly int _signatureLength;

    /// <param name="size">Bytes of a coordinate.</param>
    public EllipticKey(string keyId, string algorithm, ECParameters parameters, int size)
        : base(keyId, algorithm, $"EC {size} {Convert.ToHexString(parameters.Q.X!)} {Convert.ToHexString(parameters.Q.Y!)}")
    {
        _signatureLength = 2 * size;
        _spare = new Spare<ECDsa>(() => ECDsa.Create(parameters));
    }

    protected override bool Makes(TokenAlgorithm wanted) => wanted.Family == KeyFamily.EllipticCurve && wanted.SignatureLength == _signatureLength;

    public override bool Verifies(TokenAlgorithm by, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != _signatureLength)
        {
            return false;
        }

        ECDsa key = _spare.Take();
        bool holds = key.VerifyData(data, signature, by.Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        _spare.Return(key);
        return holds;
    }
}
