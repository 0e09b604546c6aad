namespace Ambient.Policy;

public enum DecisionKind
{
    /// <summary>An ALLOW policy matched and no DENY policy did.</summary>
    AllowedByPolicy,

    /// <summary>No ALLOW policy applies and no DENY policy matched.</summary>
    AllowedWithoutPolicies,

    /// <summary>A DENY policy matched.</summary>
    DeniedByPolicy,

    /// <summary>ALLOW policies apply and none matched.</summary>
    DeniedWithoutMatch,

    /// <summary>Not a policy's word but ours: what should decide is not there, or the peer is not who it should be.</summary>
    Refused,
}
