using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.GatewayApi;

[Resource("gateway.networking.k8s.io", "BackendTLSPolicy", "backendtlspolicies", "v1", "v1alpha3",
    ShortNames = ["btlspolicy"], Categories = ["gateway-api", "ambient"])]
[Description("Says how gateways speak TLS to a Service.")]
public sealed record BackendTLSPolicy
{
    [Description("The Services and how their certificates are judged.")]
    public BackendTLSPolicySpec? Spec { get; init; }
}
