using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Security;

[Open]
[Description("Matches when one of from, one of to and all of when do; a part that is left out always does.")]
public sealed record AuthorizationRule
{
    [Description("Who calls; one entry must match.")]
    [Limits(MaxItems = 512)]
    public IReadOnlyList<RuleFrom>? From { get; init; }

    [Description("What is called; one entry must match.")]
    [Limits(MaxItems = 512)]
    public IReadOnlyList<RuleTo>? To { get; init; }

    [Description("Further conditions; all must hold.")]
    [Limits(MaxItems = 512)]
    public IReadOnlyList<RuleCondition>? When { get; init; }
}
