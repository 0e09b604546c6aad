using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.AmbientApi;

[Open]
[Description("The target and the policy.")]
public sealed record BackendPolicySpec
{
    [Description("Services that the policy is for.")]
    [Limits(MaxItems = 16)]
    public IReadOnlyList<LocalTargetReference>? TargetRefs { get; init; }

    [Description("How endpoints are probed.")]
    public BackendHealthCheck? HealthCheck { get; init; }

    [Description("Share of healthy endpoints, in percent, below which health is ignored.")]
    [Limits(Minimum = 0, Maximum = 100)]
    public int? PanicThreshold { get; init; }

    [Description("How an endpoint is chosen.")]
    [OneOf("LEAST_REQUEST", "ROUND_ROBIN", "RANDOM", "PEAK_EWMA", "RING_HASH", "MAGLEV")]
    public string? Balancer { get; init; }
}
