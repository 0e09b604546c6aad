using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.AmbientApi;

[Resource("ambient.dev", "BackendPolicy", "backendpolicies", "v1alpha1",
    Categories = ["ambient"])]
[Column("Accepted", ".status.conditions[?(@.type==\"Accepted\")].status")]
[Description("What no other kind says about a Service: active health checks, panic threshold, balancer.")]
public sealed record BackendPolicy
{
    [Description("The target and the policy.")]
    public BackendPolicySpec? Spec { get; init; }
}
