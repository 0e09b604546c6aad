using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Security;

[Open]
[Description("One description of what is called.")]
public sealed record RuleTo
{
    [Description("All fields must match; one value of each suffices.")]
    public RuleOperation? Operation { get; init; }
}
