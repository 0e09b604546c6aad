using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Security;

[Open]
[Description("Whom it is for and the tokens.")]
public sealed record RequestAuthenticationSpec
{
    [Description("The workloads meant. Left out: the whole namespace, or the whole mesh in a root namespace.")]
    public WorkloadSelector? Selector { get; init; }

    [Description("The object that it is attached to, enforced at its waypoint. Not together with selector.")]
    public PolicyTargetReference? TargetRef { get; init; }

    [Description("The objects that it is attached to, enforced at their waypoint. Not together with selector.")]
    [Limits(MaxItems = 16)]
    public IReadOnlyList<PolicyTargetReference>? TargetRefs { get; init; }

    [Description("Issuers and how their tokens are checked.")]
    [Limits(MaxItems = 64)]
    public IReadOnlyList<JwtRule>? JwtRules { get; init; }
}
