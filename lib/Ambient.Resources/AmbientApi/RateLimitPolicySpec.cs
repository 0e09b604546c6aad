using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.AmbientApi;

[Open]
[Description("The target and the limits.")]
public sealed record RateLimitPolicySpec
{
    [Description("Services, ServiceEntries, Gateways, HTTPRoutes, GRPCRoutes or VirtualServices of the own namespace that the limits are for.")]
    [Limits(MaxItems = 16)]
    public IReadOnlyList<LocalTargetReference>? TargetRefs { get; init; }

    [Description("Who counts: each process for itself (LOCAL, when left out), or the replicas of a waypoint or gateway together (SHARED).")]
    [OneOf("LOCAL", "SHARED")]
    public string? Scope { get; init; }

    [Description("Limits; each that matches counts, and a request needs room in all of them.")]
    [Limits(MaxItems = 64)]
    public IReadOnlyList<RateLimitRule>? Limits { get; init; }
}
