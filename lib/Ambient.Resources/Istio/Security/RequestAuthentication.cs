using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Security;

[Resource("security.istio.io", "RequestAuthentication", "requestauthentications", "v1", "v1beta1",
    ShortNames = ["ra"], Categories = ["istio-io", "security-istio-io", "ambient"])]
[Column("Accepted", ".status.conditions[?(@.type==\"Accepted\")].status")]
[Description("Says which JSON Web Tokens requests may carry. A request without one passes: demand one by an AuthorizationPolicy with requestPrincipals.")]
public sealed record RequestAuthentication
{
    [Description("Whom it is for and the tokens.")]
    public RequestAuthenticationSpec? Spec { get; init; }
}
