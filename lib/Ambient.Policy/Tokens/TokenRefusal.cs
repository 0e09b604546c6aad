using Ambient.Core.Policies;

namespace Ambient.Policy.Tokens;

/// <summary>Why a request gets 401.</summary>
/// <param name="Reason">One line for people; plain ASCII, and no part of the token is in it but its issuer's name when that is known.</param>
/// <param name="Policy">The policy that refused; null when several look for this token.</param>
public sealed record TokenRefusal(TokenProblem Problem, string Reason, PolicyOrigin? Policy)
{
    /// <summary>Value of the answer's header (RFC 6750 §3).</summary>
    public string WwwAuthenticate { get; } = $"Bearer error=\"invalid_token\", error_description=\"{Reason.Replace('"', '\'').Replace('\\', '/')}\"";
}
