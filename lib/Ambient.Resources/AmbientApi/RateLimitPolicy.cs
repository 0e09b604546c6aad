using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.AmbientApi;

[Resource("ambient.dev", "RateLimitPolicy", "ratelimitpolicies", "v1alpha1",
    Categories = ["ambient"])]
[Column("Accepted", ".status.conditions[?(@.type==\"Accepted\")].status")]
[Description("Limits the rate of requests to a Service or through a Gateway.")]
public sealed record RateLimitPolicy
{
    [Description("The target and the limits.")]
    public RateLimitPolicySpec? Spec { get; init; }
}
