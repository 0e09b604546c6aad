using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Security;

[Open]
[Description("A condition on one attribute.")]
public sealed record RuleCondition
{
    [Description("The attribute, for example source.ip, destination.port or request.headers[name].")]
    [Limits(MaxLength = 512, Required = true)]
    public string? Key { get; init; }

    [Description("Values of which one must match.")]
    [Limits(MaxItems = 1024, MaxLength = 2048)]
    public IReadOnlyList<string>? Values { get; init; }

    [Description("Values of which none may match.")]
    [Limits(MaxItems = 1024, MaxLength = 2048)]
    public IReadOnlyList<string>? NotValues { get; init; }
}
