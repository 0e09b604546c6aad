using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Telemetry;

[Open]
[Description("A name, and what stands when there is no such thing.")]
public sealed record TelemetryTagSource
{
    [Description("Name of the header or variable.")]
    [Limits(MaxLength = 253, Required = true)]
    public string? Name { get; init; }

    [Description("When there is none.")]
    [Limits(MaxLength = 1024)]
    public string? DefaultValue { get; init; }
}
