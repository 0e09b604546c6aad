using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Security;

[Resource("security.istio.io", "RequestAuthentication", "requestauthentications", "v1", "v1beta1",
    ShortNames = ["ra"], Categories = ["istio-io", "security-istio-io", "ambient"])]
[Description("Says which JSON Web Tokens are accepted.")]
public sealed record RequestAuthentication
{
    [Description("Whom it is for and the tokens.")]
    public RequestAuthenticationSpec? Spec { get; init; }
}
