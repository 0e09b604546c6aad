using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.AmbientApi;

[Open]
[Description("Where spans go.")]
public sealed record MeshTracing
{
    [Description("host:port of an OTLP receiver.")]
    [Limits(MaxLength = 253)]
    public string? Address { get; init; }

    [Description("Share of requests that begin a trace.")]
    [Limits(Minimum = 0, Maximum = 100)]
    public double? SamplingPercentage { get; init; }

    [Description("How the receiver is spoken to: OTLP over gRPC or over HTTP; GRPC when left out.")]
    [OneOf("GRPC", "HTTP")]
    public string? Protocol { get; init; }

    [Description("Further receivers, which Telemetry resources name.")]
    [Limits(MaxItems = 16)]
    public IReadOnlyList<MeshTracingProvider>? Providers { get; init; }
}
