using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Telemetry;

[Open]
[Description("What is traced.")]
public sealed record TelemetryTracing
{
    [Description("On which side.")]
    public TelemetryMatch? Match { get; init; }

    [Description("Where the spans go.")]
    [Limits(MaxItems = 16)]
    public IReadOnlyList<TelemetryProvider>? Providers { get; init; }

    [Description("Share of requests that begin a trace.")]
    [Limits(Minimum = 0, Maximum = 100)]
    public double? RandomSamplingPercentage { get; init; }

    [Description("Passes contexts on without sending spans.")]
    public bool? DisableSpanReporting { get; init; }

    [Description("Tags of every span.")]
    [Limits(MaxItems = 64)]
    public IReadOnlyDictionary<string, TelemetryCustomTag>? CustomTags { get; init; }

    [Description("Lets the request id decide whether a request is sampled.")]
    public bool? UseRequestIdForTraceSampling { get; init; }

    [Description("Tags that name the workloads.")]
    public bool? EnableIstioTags { get; init; }
}
