using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.AmbientApi;

[Open]
[Description("A limit.")]
public sealed record RateLimitRule
{
    [Description("Requests in an interval.")]
    [Limits(Minimum = 1, Maximum = 1000000000, Required = true)]
    public int? Requests { get; init; }

    [Description("Length of the interval, for example 1s.")]
    [Limits(MaxLength = 64, Required = true)]
    public string? Interval { get; init; }

    [Description("Requests at once.")]
    [Limits(Minimum = 1, Maximum = 1000000000)]
    public int? Burst { get; init; }

    [Description("Counts apart for each of these.")]
    [OneOf("ALL", "CALLER", "SOURCE_ADDRESS", "HEADER")]
    public string? By { get; init; }

    [Description("Header that tells callers apart.")]
    [Limits(MaxLength = 256)]
    public string? Header { get; init; }
}
