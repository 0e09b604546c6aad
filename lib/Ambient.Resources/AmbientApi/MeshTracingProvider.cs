using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.AmbientApi;

[Open]
[Description("A receiver of spans.")]
public sealed record MeshTracingProvider
{
    [Description("As Telemetry resources name it.")]
    [Limits(MaxLength = 253, Required = true)]
    public string? Name { get; init; }

    [Description("host:port of an OTLP receiver.")]
    [Limits(MaxLength = 253, Required = true)]
    public string? Address { get; init; }

    [Description("GRPC or HTTP; GRPC when left out.")]
    [OneOf("GRPC", "HTTP")]
    public string? Protocol { get; init; }
}
