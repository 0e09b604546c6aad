using System.ComponentModel;
using System.Text.Json.Nodes;
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

    [Description("Requests at once; as many as requests when left out.")]
    [Limits(Minimum = 1, Maximum = 1000000000)]
    public int? Burst { get; init; }

    [Description("Counts apart for each of these; ALL when left out, HEADER when there is a header.")]
    [OneOf("ALL", "CALLER", "SOURCE_ADDRESS", "HEADER")]
    public string? By { get; init; }

    [Description("Requests that count, as in an HTTPRoute's matches: path, method, headers, queryParams. All when left out.")]
    [Limits(MaxItems = 16)]
    public IReadOnlyList<JsonObject>? Matches { get; init; }

    [Description("Header that tells callers apart.")]
    [Limits(MaxLength = 256)]
    public string? Header { get; init; }
}
