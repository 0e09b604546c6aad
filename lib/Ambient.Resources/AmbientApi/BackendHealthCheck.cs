using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.AmbientApi;

[Open]
[Description("How endpoints are probed.")]
public sealed record BackendHealthCheck
{
    [Description("Path of an HTTP probe; without it a connection is enough.")]
    [Limits(MaxLength = 2048)]
    public string? Path { get; init; }

    [Description("Time between probes.")]
    [Limits(MaxLength = 64)]
    public string? Interval { get; init; }

    [Description("Time for an answer.")]
    [Limits(MaxLength = 64)]
    public string? Timeout { get; init; }

    [Description("Successes in a row that make an endpoint healthy.")]
    [Limits(Minimum = 1, Maximum = 100)]
    public int? HealthyThreshold { get; init; }

    [Description("Failures in a row that make it unhealthy.")]
    [Limits(Minimum = 1, Maximum = 100)]
    public int? UnhealthyThreshold { get; init; }
}
