using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.AmbientApi;

[Open]
[Description("Rate limit where nothing else says so.")]
public sealed record MeshRateLimit
{
    [Description("Requests in an interval.")]
    [Limits(Minimum = 1, Maximum = 1000000000)]
    public int? Requests { get; init; }

    [Description("Length of the interval, for example 1s.")]
    [Limits(MaxLength = 64)]
    public string? Interval { get; init; }

    [Description("Requests at once.")]
    [Limits(Minimum = 1, Maximum = 1000000000)]
    public int? Burst { get; init; }
}
