using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Security;

[Open]
[Description("One description of callers.")]
public sealed record RuleFrom
{
    [Description("All fields must match; one value of each suffices.")]
    public RuleSource? Source { get; init; }
}
