namespace Ambient.Policy.Tokens.Keys;

/// <summary>What a key is and what its signatures are; an algorithm fits keys of its own family only (RFC 8725 §3.1).</summary>
internal enum KeyFamily
{
    Rsa,
    RsaPss,
    EllipticCurve,
    Edwards,
    Symmetric,
}
