using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.GatewayApi;

[Resource("gateway.networking.k8s.io", "ReferenceGrant", "referencegrants", "v1beta1", "v1", "v1alpha2",
    ShortNames = ["refgrant"], Categories = ["gateway-api", "ambient"])]
[Description("Lets objects of other namespaces refer to objects of this one.")]
public sealed record ReferenceGrant
{
    [Description("Who may refer to what.")]
    public ReferenceGrantSpec? Spec { get; init; }
}
