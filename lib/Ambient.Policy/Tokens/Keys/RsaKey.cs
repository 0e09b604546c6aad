using System.Security.Cryptography;

namespace Ambient.Policy.Tokens.Keys;

/// <summary>RSA, PKCS #1 v1.5 or PSS with a salt as long as the hash (RFC 7518 §3.3, §3.5).</summary>
internal sealed class RsaKey : JsonWebKey
{
    /// <summary>RFC 7518 §3.3.</summary>
    public const int MinBits = 2048;

    /// <summary>A check costs with the square of the length.</summary>
    public const int MaxBits = 8192;

    private readonly Spare<RSA> _spare;
    private readonly int _length;

    public RsaKey(string keyId, string algorithm, RSAParameters parameters)
        : base(keyId, algorithm, $"RSA {Convert.ToHexString(parameters.Modulus!)} {Convert.ToHexString(parameters.Exponent!)}")
    {
        _length = parameters.Modulus!.Length;
        _spare = new Spare<RSA>(() => RSA.Create(parameters));
    }

    protected override bool Makes(TokenAlgorithm wanted) => wanted.Family is KeyFamily.Rsa or KeyFamily.RsaPss;

    public override bool Verifies(TokenAlgorithm by, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != _length)
        {
            return false;
        }

        RSA rsa = _spare.Take();
        bool holds = rsa.VerifyData(data, signature, by.Hash, by.Family == KeyFamily.Rsa ? RSASignaturePadding.Pkcs1 : RSASignaturePadding.Pss);
        _spare.Return(rsa);
        return holds;
    }
}
