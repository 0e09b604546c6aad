using System.Text;

namespace Ambient.Policy.Tokens;

/// <summary>Why a token is refused, in words that may go to its sender: nothing that he wrote is in them.</summary>
internal static class TokenWords
{
    public static string Reason(TokenProblem problem, CompiledTokenRule? rule) => problem switch
    {
        TokenProblem.TooLong => $"the token is longer than {TokenReader.MaxLength} characters",
        TokenProblem.Malformed => "the token is no JSON Web Token: three parts of base64url, the first two JSON objects",
        TokenProblem.Header => "the token's header names no algorithm that is accepted, or asks for extensions",
        TokenProblem.Claims => "a claim of the token has the wrong type",
        TokenProblem.Issuer => "the token's issuer is not configured",
        TokenProblem.Audience => "the token is for another audience",
        TokenProblem.Expired => "the token has expired",
        TokenProblem.NotYetValid => "the token is not valid yet",
        TokenProblem.KeysMissing => $"the keys of issuer {Issuer(rule)} have not been fetched yet",
        TokenProblem.KeyUnknown => $"issuer {Issuer(rule)} has no key of that id and algorithm",
        TokenProblem.Signature => "the token's signature does not verify",
        _ => "the token is not valid",
    };

    private static string Issuer(CompiledTokenRule? rule)
    {
        string issuer = rule?.Rule.Issuer ?? "";
        return issuer.Length <= 256 && Ascii.IsValid(issuer) && !issuer.AsSpan().ContainsAnyExceptInRange(' ', '~') ? issuer : "(of the policy)";
    }
}
