using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Smi;

[Resource("specs.smi-spec.io", "HTTPRouteGroup", "httproutegroups", "v1alpha4", "v1alpha3", "v1alpha2", "v1alpha1",
    ShortNames = ["htr"], Categories = ["smi", "ambient"])]
[Open]
[Description("Named conditions on HTTP requests.")]
public sealed record HTTPRouteGroup
{
    [Description("The conditions.")]
    public HTTPRouteGroupSpec? Spec { get; init; }

    [Description("Conditions by name, where v1alpha1 and v1alpha2 have them.")]
    public IReadOnlyList<HttpRouteGroupMatch>? Matches { get; init; }
}
