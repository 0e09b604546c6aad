using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Security;

[Open]
[Description("Whom it is for and the tokens.")]
public sealed record RequestAuthenticationSpec
{
    [Description("The workloads meant.")]
    public WorkloadSelector? Selector { get; init; }

    [Description("The object that it is attached to.")]
    public PolicyTargetReference? TargetRef { get; init; }

    [Description("The objects that it is attached to.")]
    [Limits(MaxItems = 16)]
    public IReadOnlyList<PolicyTargetReference>? TargetRefs { get; init; }

    [Description("Issuers and how their tokens are checked.")]
    [Limits(MaxItems = 256)]
    public IReadOnlyList<JwtRule>? JwtRules { get; init; }
}
