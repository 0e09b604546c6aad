namespace Ambient.Policy.Tokens;

/// <summary>What is wrong with a token.</summary>
public enum TokenProblem
{
    None,

    /// <summary>Longer than <see cref="TokenReader.MaxLength"/>.</summary>
    TooLong,

    /// <summary>Not three parts of base64url, or no JSON objects in them.</summary>
    Malformed,

    /// <summary>The header asks for what is not supported or not allowed: <c>alg: none</c>, <c>crit</c>, an unknown algorithm.</summary>
    Header,

    /// <summary>A claim of the wrong type.</summary>
    Claims,

    /// <summary>No rule is for this issuer.</summary>
    Issuer,

    Audience,
    Expired,
    NotYetValid,

    /// <summary>The keys of the issuer are not there yet.</summary>
    KeysMissing,

    /// <summary>The issuer has no key that the token could be signed with.</summary>
    KeyUnknown,

    Signature,

    /// <summary>The policy itself was refused (its status says why), so nothing can be checked.</summary>
    PolicyRefused,
}
