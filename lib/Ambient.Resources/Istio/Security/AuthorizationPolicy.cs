using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Security;

[Resource("security.istio.io", "AuthorizationPolicy", "authorizationpolicies", "v1", "v1beta1",
    ShortNames = ["ap"], Categories = ["istio-io", "security-istio-io", "ambient"])]
[Column("Action", ".spec.action")]
[Column("Accepted", ".status.conditions[?(@.type==\"Accepted\")].status")]
[Description("Allows or denies connections and requests to workloads.")]
public sealed record AuthorizationPolicy
{
    [Description("Whom the policy protects and what it says.")]
    public AuthorizationPolicySpec? Spec { get; init; }
}
