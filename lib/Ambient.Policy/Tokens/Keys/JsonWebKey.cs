using System.Security.Cryptography;
using System.Text;

namespace Ambient.Policy.Tokens.Keys;

/// <summary>A public key (or, from a policy itself, a shared one) that signatures are checked with. Thread-safe, immutable.</summary>
/// <param name="keyId"><c>kid</c>; empty: any.</param>
/// <param name="algorithm"><c>alg</c>; empty: any of the key's kind.</param>
internal abstract class JsonWebKey(string keyId, string algorithm, string material)
{
    public string KeyId { get; } = keyId;

    /// <summary>Equal for equal keys, whatever their id.</summary>
    public string Thumbprint { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(material)));

    /// <summary>True when the key may have made a signature of that algorithm for that key id (empty: not said).</summary>
    public bool Suits(TokenAlgorithm wanted, string wantedId) =>
        (wantedId.Length == 0 || KeyId.Length == 0 || string.Equals(KeyId, wantedId, StringComparison.Ordinal))
        && (algorithm.Length == 0 || string.Equals(algorithm, wanted.Name, StringComparison.Ordinal))
        && Makes(wanted);

    /// <summary>Of the right family, and of the right curve or strength.</summary>
    protected abstract bool Makes(TokenAlgorithm wanted);

    public abstract bool Verifies(TokenAlgorithm by, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature);
}
