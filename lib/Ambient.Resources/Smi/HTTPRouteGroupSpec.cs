using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Smi;

[Open]
[Description("The conditions.")]
public sealed record HTTPRouteGroupSpec
{
    [Description("Conditions by name.")]
    public IReadOnlyList<HttpRouteGroupMatch>? Matches { get; init; }
}
