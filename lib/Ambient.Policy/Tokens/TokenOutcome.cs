namespace Ambient.Policy.Tokens;

public enum TokenOutcome
{
    /// <summary>No token: the request passes, and whether that is enough is for the AuthorizationPolicies to say.</summary>
    None,

    /// <summary>One valid token.</summary>
    Valid,

    /// <summary>Several different valid tokens: the request passes and has no principal, since nobody could say whose it is.</summary>
    Several,

    /// <summary>A token that is not valid: 401.</summary>
    Refused,
}
