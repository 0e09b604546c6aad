using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Security;

[Open]
[Description("Whom the policy protects and what it says.")]
public sealed record AuthorizationPolicySpec
{
    [Description("The workloads meant. Left out: the whole namespace, or the whole mesh in a root namespace.")]
    public WorkloadSelector? Selector { get; init; }

    [Description("The object that the policy is attached to, enforced at its waypoint. Not together with selector.")]
    public PolicyTargetReference? TargetRef { get; init; }

    [Description("The objects that the policy is attached to, enforced at their waypoint. Not together with selector.")]
    [Limits(MaxItems = 16)]
    public IReadOnlyList<PolicyTargetReference>? TargetRefs { get; init; }

    [Description("One matching rule makes the policy match. Without rules it never matches: an ALLOW policy then allows nothing.")]
    [Limits(MaxItems = 512)]
    public IReadOnlyList<AuthorizationRule>? Rules { get; init; }

    [Description("What a match means; ALLOW when left out. CUSTOM and AUDIT take effect at waypoints; where there is none, CUSTOM denies.")]
    [OneOf("ALLOW", "DENY", "AUDIT", "CUSTOM")]
    public string? Action { get; init; }

    [Description("The external authorizer of a CUSTOM policy.")]
    public AuthorizationProvider? Provider { get; init; }
}
